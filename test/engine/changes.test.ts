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

describe('objects that change while they are downloaded', () => {
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
  /** What the manager does for `restart`. */
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
    it(
      `${what} before the resume: fails with ${code}, keeps the partial, and a restart brings the new ` + `one`,
      async () => {
        await rig.runUntil(4 * partSize, id(), request);
        changeNow(change());
        await failsWith(code);
        await discard();
        changeNow(put(2, newSize));
        await completesWith(2, newSize);
      },
    );

    it(
      `${what} between two parts: fails with ${code}, keeps the partial, and a restart brings the new ` + `one`,
      async () => {
        rig.server.faults.add({
          match: { key: key(), nth: 5, times: 1 },
          action: { kind: 'change', change: change() },
        });
        await failsWith(code);
        await discard();
        changeNow(put(2, newSize));
        await completesWith(2, newSize);
      },
    );
  }

  it('overwritten before the first request: takes the object as it is now', async () => {
    changeNow(put(2, sizeBytes + 5));
    await completesWith(2, sizeBytes + 5);
  });

  it('overwritten twice, the second time with the old bytes: goes on', async () => {
    await rig.runUntil(4 * partSize, id(), request);
    changeNow(put(2));
    await failsWith('object/changed');
    changeNow(put(1));
    await completesWith(1);
  });

  it('overwritten while a part is cut and fetched again: no byte of the new one is kept', async () => {
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

  it('an appendable object that grew: the bytes are still there, but it is another object', async () => {
    await rig.runUntil(4 * partSize, id(), request);
    changeNow({ kind: 'append', bucket: 'pub', key: key(), seed: 1, newSizeBytes: sizeBytes + 100 });
    await failsWith('object/changed');
    await discard();
    await completesWith(1, sizeBytes + 100);
  });

  it(
    'a versioned object that is overwritten and deleted meanwhile: the version that was begun is ' + 'finished',
    async () => {
      create('versioned');
      rig.server.faults.add({
        match: { key: key(), nth: 4, times: 1 },
        action: { kind: 'change', change: put(2, sizeBytes, 'versioned') },
      });
      await rig.runUntil(6 * partSize, id(), request);
      rig.server.store.bucket('versioned').remove(key());
      await completesWith(1);
    },
  );

  describe('lies about what it is', () => {
    for (const [what, action] of [
      ['another total', { kind: 'otherTotal', deltaBytes: 1 }],
      ['another ETag', { kind: 'otherEtag' }],
    ] as const) {
      it(`${what} in a later part: fails as changed, and goes on when the lie is over`, async () => {
        rig.server.faults.add({ match: { key: key(), nth: 5, times: 1 }, action });
        await failsWith('object/changed');
        await completesWith(1);
      });

      it(`${what} in the first answer: asks again, and finds the object`, async () => {
        rig.server.faults.add({ match: { key: key(), times: 1 }, action });
        await completesWith(1);
      });

      it(`${what} in the first answer, nothing being known: never ends in a wrong file`, async () => {
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
