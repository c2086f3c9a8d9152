import assert from 'node:assert/strict';
import files from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { restore, stub } from 'sinon';
import { AppError } from '../../../../src/base/errors.ts';
import { freeBytesAt } from '../../../../src/download/files/freeSpace.ts';
import { PartFile } from '../../../../src/download/files/partFile.ts';
import { useTempFolder } from '../../../support/useTempFolder.ts';

describe('free space', () => {
  const folder = useTempFolder();
  /** Makes every file system report this. */
  const report = async (blocks: number, bavail: number): Promise<void> => {
    const stats = Object.assign(await files.statfs(folder()), { bsize: 4096, blocks, bavail });
    stub(files, 'statfs').resolves(stats);
    syncBuiltinESMExports();
  };
  afterEach(() => {
    restore();
    syncBuiltinESMExports();
  });

  it('the free space of a missing folder is that of its nearest existing parent', async () => {
    assert.ok(((await freeBytesAt(join(folder(), 'missing', 'below'))) ?? 0) > 0);
  });

  it('a drive that reports 0 blocks has unknown free space, and a download to it begins', async () => {
    await report(0, 0);
    assert.equal(await freeBytesAt(folder()), undefined);
    const file = await PartFile.create(join(folder(), 'new', 'file.ossdownload'), 100);
    try {
      await file.requireSpace(1e15, 0);
    } finally {
      await file.close();
    }
  });

  it('a resume needs only what the file system has not allocated yet, however little has arrived', async () => {
    const allocated = 64 * 1024;
    const file = await PartFile.create(join(folder(), 'file.ossdownload'), allocated);
    try {
      await file.writeAt(Buffer.alloc(allocated, 1), 0);
      await report(1000, 2);
      await file.requireSpace(allocated + 8192, 0);
      await assert.rejects(
        file.requireSpace(2 * allocated + 8193, allocated),
        (error) => error instanceof AppError && error.code === 'disk/full',
      );
    } finally {
      await file.close();
    }
  });

  it('a download that does not fit is refused before its file is created', async () => {
    await report(1000, 2);
    const path = join(folder(), 'file.ossdownload');
    await assert.rejects(
      PartFile.create(path, 8193),
      (error) => error instanceof AppError && error.code === 'disk/full' && error.details.subject === folder(),
    );
    await assert.rejects(files.lstat(path));
    await (await PartFile.create(path, 8192)).close();
  });
});
