import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { ErrorCode } from '../../src/base/errors.ts';
import type { DownloadRequest } from '../../src/download/model.ts';
import { PartFile } from '../../src/download/files/partFile.ts';
import type { ObjectChange } from '../server/objects/objectChange.ts';
import { differenceFrom } from './support/compareFile.ts';
import { ServerRig } from './support/serverRig.ts';

const partSize = 256 * 1024;
const sizeBytes = 9 * partSize + 4321;

describe('objects that change during a download', () => {
  let rig: ServerRig;
  let request: DownloadRequest;
  before(async () => {
    rig = await ServerRig.start();
  });
  after(() => rig.stop());

  let number = 0;
  const key = (): string => `object-${number}`;
  const id = (): string => `id-${number}`;
  function create(bucket = 'pub'): void {
    number += 1;
    rig.log.length = 0;
    rig.server.faults.clear();
    rig.server.store.bucket(bucket).put(key(), { seed: 1, sizeBytes });
    request = {
      ...rig.request(key(), { bucket, known: rig.known(key(), bucket) }),
      path: `${rig.folder.path}/out/${key()}`,
    };
  }
  beforeEach(() => create());

  const put = (seed: number, newSize = sizeBytes, bucket = 'pub'): ObjectChange => ({
    kind: 'put',
    bucket,
    key: key(),
    content: { seed, sizeBytes: newSize },
  });
  const changeNow = (change: ObjectChange): void => {
    const bucket = rig.server.store.bucket(change.bucket);
    if (change.kind === 'put') {
      bucket.put(change.key, change.content);
    } else if (change.kind === 'delete') {
      bucket.remove(change.key);
    } else if (change.kind === 'append') {
      bucket.append(change.key, change.seed, change.newSizeBytes);
    }
  };
  async function completesWith(seed: number, size = sizeBytes): Promise<void> {
    const outcome = await rig.run(id(), request);
    assert.deepEqual(outcome, { kind: 'completed', verified: 'crc64' }, rig.log.join('\n'));
    assert.equal(await differenceFrom(request.path, seed, size), undefined);
  }
  async function failsWith(code: ErrorCode): Promise<void> {
    const outcome = await rig.run(id(), request);
    assert.ok(outcome.kind === 'failed' && outcome.error.code === code, JSON.stringify(outcome));
    assert.ok(!existsSync(request.path));
    assert.ok(existsSync(`${request.path}.ossdownload`), 'the partial is kept');
  }
  /** Does the same as the manager for `restart`. */
  async function discard(): Promise<void> {
    await PartFile.discard(`${request.path}.ossdownload`);
    await rig.deps.store.remove(id());
  }

  const changes: readonly [string, () => ObjectChange, ErrorCode, number][] = [
    ['replaced by one of the same size', () => put(2), 'object/changed', sizeBytes],
    ['replaced by a larger one', () => put(2, sizeBytes * 2), 'object/changed', sizeBytes * 2],
    ['replaced by a smaller one', () => put(2, partSize), 'object/changed', partSize],
    ['replaced by an empty one', () => put(2, 0), 'object/changed', 0],
    ['deleted', () => ({ kind: 'delete', bucket: 'pub', key: key() }), 'object/notFound', sizeBytes],
  ];
  for (const [what, change, code, newSize] of changes) {
    it(`an object ${what} before the resume fails with ${code}, and a restart downloads the new one`, async () => {
      await rig.runUntil(4 * partSize, id(), request);
      changeNow(change());
      await failsWith(code);
      await discard();
      changeNow(put(2, newSize));
      await completesWith(2, newSize);
    });

    it(`an object ${what} between two parts fails with ${code}, and a restart downloads the new one`, async () => {
      rig.server.faults.add({ match: { key: key(), nth: 5, times: 1 }, action: { kind: 'change', change: change() } });
      await failsWith(code);
      await discard();
      changeNow(put(2, newSize));
      await completesWith(2, newSize);
    });
  }

  it('an object that is overwritten before the first request is downloaded in its new version', async () => {
    changeNow(put(2, sizeBytes + 5));
    await completesWith(2, sizeBytes + 5);
  });

  it('a download continues if its object was overwritten twice and has the old bytes again', async () => {
    await rig.runUntil(4 * partSize, id(), request);
    changeNow(put(2));
    await failsWith('object/changed');
    changeNow(put(1));
    await completesWith(1);
  });

  it('no byte is kept of an object that was overwritten while a part was fetched again', async () => {
    rig.server.faults.add({
      match: { key: key(), rangeStart: 3 * partSize, times: 1 },
      action: { kind: 'cut', afterBytes: 100_000 },
    });
    rig.server.faults.add({
      match: { key: key(), rangeStart: 3 * partSize + 100_000 },
      action: { kind: 'change', change: put(2) },
    });
    await failsWith('object/changed');
  });

  it('an appendable object that grew counts as another object', async () => {
    await rig.runUntil(4 * partSize, id(), request);
    changeNow({ kind: 'append', bucket: 'pub', key: key(), seed: 1, newSizeBytes: sizeBytes + 100 });
    await failsWith('object/changed');
    await discard();
    await completesWith(1, sizeBytes + 100);
  });

  it('a versioned object that is overwritten and deleted is finished in the version that was begun', async () => {
    create('versioned');
    rig.server.faults.add({
      match: { key: key(), nth: 4, times: 1 },
      action: { kind: 'change', change: put(2, sizeBytes, 'versioned') },
    });
    await rig.runUntil(6 * partSize, id(), request);
    rig.server.store.bucket('versioned').remove(key());
    await completesWith(1);
  });

  describe('false facts about an object', () => {
    for (const [what, action] of [
      ['another total', { kind: 'otherTotal', deltaBytes: 1 }],
      ['another ETag', { kind: 'otherEtag' }],
    ] as const) {
      it(`${what} in a later part fails as changed, and a resume completes`, async () => {
        rig.server.faults.add({ match: { key: key(), nth: 5, times: 1 }, action });
        await failsWith('object/changed');
        await completesWith(1);
      });

      it(`${what} in the first response of a listed object causes a new request, which completes`, async () => {
        rig.server.faults.add({ match: { key: key(), times: 1 }, action });
        await completesWith(1);
      });

      it(`${what} in the first response of an unlisted object never leads to a wrong file`, async () => {
        request = { source: request.source, path: request.path, overwrite: false };
        rig.server.faults.add({ match: { key: key(), times: 1 }, action });
        const outcome = await rig.run(id(), request);
        assert.ok(
          outcome.kind === 'completed' || (outcome.kind === 'failed' && outcome.error.code === 'object/changed'),
          JSON.stringify(outcome),
        );
        if (outcome.kind === 'completed') {
          assert.equal(await differenceFrom(request.path, 1, sizeBytes), undefined);
        }
      });
    }
  });
});
