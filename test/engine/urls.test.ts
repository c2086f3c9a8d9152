import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { DownloadRequest } from '../../src/download/model.ts';
import { startOssServer } from '../server/ossServer.ts';
import type { OssServer } from '../server/ossServer.ts';
import { differenceFrom } from './support/compareFile.ts';
import { ServerRig } from './support/serverRig.ts';

const partSize = 256 * 1024;
const sizeBytes = 9 * partSize + 4321;

/**
 * Plain file servers of several habits. `resumes`: whether anything can be kept across an interruption.
 * `sendsNew`: the answer to the first request after a change is the new object, which then is the download.
 */
const servers = [
  {
    what: 'a server that honours If-Range',
    settings: { dialect: 'plain', honourIfRange: true },
    leaveOut: {},
    resumes: true,
    sendsNew: true,
  },
  {
    what: 'a server that ignores If-Range',
    settings: { dialect: 'plain', honourIfRange: false },
    leaveOut: {},
    resumes: true,
    sendsNew: false,
  },
  {
    what: 'a server with dates only',
    settings: { dialect: 'plain', honourIfRange: true },
    leaveOut: { ETag: null },
    resumes: true,
    sendsNew: true,
  },
  {
    what: 'a server with dates only that ignores If-Range',
    settings: { dialect: 'plain', honourIfRange: false },
    leaveOut: { ETag: null },
    resumes: true,
    sendsNew: false,
  },
  {
    what: 'a server without ETag and date',
    settings: { dialect: 'plain', honourIfRange: true },
    leaveOut: { ETag: null, 'Last-Modified': null },
    resumes: false,
    sendsNew: true,
  },
  { what: 'OSS behind a pasted URL', settings: { dialect: 'oss' }, leaveOut: {}, resumes: true, sendsNew: false },
] as const;

for (const { what, settings, leaveOut, resumes, sendsNew } of servers) {
  describe(`a URL of ${what}`, () => {
    let rig: ServerRig;
    let request: DownloadRequest;
    let seed = 0;
    let putBytes = sizeBytes;
    const put = (size = sizeBytes): void => {
      seed += 1;
      putBytes = size;
      rig.server.store
        .bucket('pub')
        .put('file', { seed, sizeBytes: size }, { lastModifiedMs: Date.now() - 3_600_000 + seed * 1000 });
    };
    beforeEach(async () => {
      rig = await ServerRig.start(settings);
      put();
      request = {
        source: { kind: 'url', url: `${rig.server.url}/pub/file` },
        path: `${rig.folder.path}/out/file`,
        overwrite: false,
      };
      rig.server.faults.add({ action: { kind: 'headers', headers: leaveOut } });
    });
    afterEach(() => rig.stop());

    async function completes(): Promise<void> {
      const outcome = await rig.run('id', request);
      assert.equal(outcome.kind, 'completed', JSON.stringify(outcome) + rig.log.join('\n'));
      assert.equal(await differenceFrom(request.path, seed, putBytes), undefined);
    }

    it('a pasted URL is downloaded', completes);

    it(
      resumes ? 'an interrupted URL continues at the same byte' : 'an interrupted URL without a validator starts over',
      async () => {
        await rig.runUntil(6 * partSize, 'id', request);
        await rig.settled();
        rig.server.requests.clear();
        await completes();
        assert.equal(rig.sentBytes('file') < sizeBytes - 3 * partSize, resumes);
      },
    );

    for (const [by, newSize] of [
      ['one of the same length', sizeBytes],
      ['one that ends before what is missing', partSize],
    ] as const) {
      it(`two versions are never mixed if ${by} replaces the file during an interruption`, async () => {
        await rig.runUntil(6 * partSize, 'id', request);
        put(newSize);
        if (sendsNew) {
          await completes();
        } else {
          const outcome = await rig.run('id', request);
          assert.ok(outcome.kind === 'failed' && outcome.error.code === 'object/changed', JSON.stringify(outcome));
          assert.ok(!existsSync(request.path));
        }
      });
    }

    if (sendsNew && resumes) {
      it('a new version starts the download over with its one response, and continues where that is cut', async () => {
        await rig.runUntil(6 * partSize, 'id', request);
        await rig.settled();
        put();
        rig.server.requests.clear();
        rig.server.faults.add({ match: { nth: 1, times: 1 }, action: { kind: 'cut', afterBytes: 5 * partSize } });
        await completes();
        assert.equal(rig.server.requests.entries[0]?.status, 200);
        assert.ok(rig.sentBytes('file') <= sizeBytes + partSize);
      });
    }

    if (resumes) {
      it('a portal page in place of the file leaves the bytes of the download unchanged', async () => {
        await rig.runUntil(6 * partSize, 'id', request);
        await rig.settled();
        rig.server.faults.add({ action: { kind: 'errorPage' } });
        const outcome = await rig.run('id', request);
        assert.ok(outcome.kind === 'failed', JSON.stringify(outcome));
        rig.server.faults.clear();
        rig.server.faults.add({ action: { kind: 'headers', headers: leaveOut } });
        rig.server.requests.clear();
        await completes();
        assert.ok(rig.sentBytes('file') < sizeBytes - 3 * partSize);
      });
    }

    it('two versions are never mixed if the file is replaced between two parts', async () => {
      rig.server.faults.add({
        match: { nth: 5, times: 1 },
        action: {
          kind: 'change',
          change: { kind: 'put', bucket: 'pub', key: 'file', content: { seed: 99, sizeBytes } },
        },
      });
      const outcome = await rig.run('id', request);
      if (outcome.kind === 'completed') {
        assert.equal(await differenceFrom(request.path, seed, sizeBytes), undefined);
        assert.ok(!resumes);
      } else {
        assert.ok(outcome.kind === 'failed' && outcome.error.code === 'object/changed', JSON.stringify(outcome));
      }
    });
  });
}

describe('redirects', () => {
  let rig: ServerRig;
  let other: OssServer;
  beforeEach(async () => {
    rig = await ServerRig.start();
    other = await startOssServer({ buckets: { pub: { acl: 'public-read' } } });
    for (const server of [rig.server, other]) {
      server.store.bucket('pub').put('file', { seed: 1, sizeBytes }, { etag: '"same"' });
    }
  });
  afterEach(async () => {
    await other.close();
    await rig.stop();
  });

  for (const across of [false, true]) {
    it(`a redirect is followed ${across ? 'to another host, without the query' : 'within the host'}`, async () => {
      rig.server.store.bucket('pub').put('moved', { seed: 1, sizeBytes }, { etag: '"same"' });
      rig.server.faults.add({
        match: { key: 'file' },
        action: { kind: 'redirect', location: `${across ? other.url : ''}/pub/${across ? 'file' : 'moved'}` },
      });
      const outcome = await rig.run('id', rig.request('file'));
      assert.equal(outcome.kind, 'completed', JSON.stringify(outcome));
      assert.equal(await differenceFrom(rig.request('file').path, 1, sizeBytes), undefined);
      assert.ok(
        other.requests.entries.every(
          (entry) => !entry.target.includes('?') && entry.headers['authorization'] === undefined,
        ),
      );
      assert.equal(other.requests.entries.length > 0, across);
    });
  }
});
