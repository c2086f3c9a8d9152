import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BatchRig, batchIn, filesOfMany, reaches } from '../../../support/batchRig.ts';
import { until } from '../../../support/poll.ts';

describe('a batch after a crash', () => {
  let rig: BatchRig;
  beforeEach(() => {
    rig = new BatchRig();
  });
  afterEach(() => rig.close());

  for (const how of ['resume', 'cancel'] as const) {
    it(`${how} after a crash leaves no temporary file beside the files of the batch`, async () => {
      rig.putMany(3);
      rig.hang((key) => key === 'f/001');
      const first = await rig.open();
      const id = await first.batches.add(rig.request());
      await until('2 done', () => batchIn(first, id)?.done === 2);
      await first.shutdown();
      writeFileSync(join(rig.target, 'f', '001~0123abcd.ossdownload'), 'half');
      rig.release();
      const second = await rig.open();
      await second.batches[how](id);
      await until('the end', () => batchIn(second, id)?.state.kind === (how === 'resume' ? 'finished' : undefined));
      assert.deepEqual(Object.keys(rig.files()), how === 'resume' ? ['f/000', 'f/001', 'f/002'] : ['f/000', 'f/002']);
    });
  }

  it('a file that was finished just before a crash, but not recorded, counts as done', async () => {
    rig.putMany(2);
    rig.hang((key) => key === 'f/001');
    const first = await rig.open();
    const id = await first.batches.add(rig.request());
    await until('1 done', () => batchIn(first, id)?.done === 1);
    await first.shutdown();
    rmSync(join(rig.engine.folder.path, 'storage'), { recursive: true }); // a crash writes no checkpoint
    writeFileSync(join(rig.target, 'f', '001'), 'content of f/001');
    rig.release();
    const second = await rig.open();
    await second.batches.resume(id);
    await reaches(second, id, 'finished');
    assert.deepEqual([batchIn(second, id)?.done, batchIn(second, id)?.failed], [2, 0]);
    assert.deepEqual(rig.files(), filesOfMany(2));
  });
});
