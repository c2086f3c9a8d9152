import assert from 'node:assert/strict';
import { existsSync, linkSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../../src/base/errors.ts';
import { PartFile } from '../../../../src/download/files/partFile.ts';
import { isOtherFile, isSameFile, commitFile } from '../../../../src/download/files/commitFile.ts';
import { breakDisk } from '../../../support/brokenDisk.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import type { TempFolder } from '../../../support/tempFolder.ts';

function failsWith(code: string): (error: unknown) => boolean {
  return (error) => error instanceof AppError && error.code === code;
}

const owned = (): Promise<void> => Promise.resolve();

describe('commitFile', () => {
  let folder: TempFolder;
  let from: string;
  let to: string;
  beforeEach(() => {
    folder = tempFolder();
    [from, to] = [join(folder.path, 'from'), join(folder.path, 'to')];
    writeFileSync(from, 'new');
  });
  afterEach(() => folder.remove());

  it('moves the file', async () => {
    await commitFile(from, to, false);
    assert.equal(readFileSync(to, 'utf8'), 'new');
    assert.ok(!existsSync(from));
  });

  it('replaces a file only where that is allowed', async () => {
    writeFileSync(to, 'old');
    await assert.rejects(commitFile(from, to, false), failsWith('disk/targetExists'));
    assert.equal(readFileSync(to, 'utf8'), 'old');
    assert.ok(existsSync(from));
    await commitFile(from, to, true);
    assert.equal(readFileSync(to, 'utf8'), 'new');
  });

  it('replaces no folder', async () => {
    mkdirSync(to);
    await assert.rejects(commitFile(from, to, false), failsWith('disk/targetExists'));
    await assert.rejects(commitFile(from, to, true), failsWith('disk/targetExists'));
  });

  it('finishes a move that a crash cut off half-way', async () => {
    linkSync(from, to);
    await commitFile(from, to, false);
    assert.ok(!existsSync(from) && existsSync(to));
  });
});

describe('numbers of files', () => {
  it('are compared with all of their 64 bits, as NTFS uses them', () => {
    const neighbour = { dev: 1n, ino: 0x0042_0000_0000_1000n };
    const file = { dev: 1n, ino: 0x0042_0000_0000_1001n };
    assert.equal(Number(file.ino), Number(neighbour.ino), 'as doubles they are one');
    assert.ok(!isSameFile(file, neighbour) && isOtherFile(file, neighbour));
    assert.ok(isSameFile(file, { ...file }) && !isOtherFile(file, { ...file }));
  });

  it('prove nothing where the file system has none', () => {
    assert.ok(!isSameFile({ dev: 1n, ino: 0n }, { dev: 1n, ino: 0n }));
    assert.ok(!isOtherFile({ dev: 1n, ino: 0n }, { dev: 1n, ino: 0n }));
  });
});

describe('PartFile', () => {
  let folder: TempFolder;
  let path: string;
  beforeEach(() => {
    folder = tempFolder();
    path = join(folder.path, 'new', 'folders', 'a.ossdownload');
  });
  afterEach(() => folder.remove());

  it('is created as long as the object, with the folders above it, and takes bytes anywhere', async () => {
    const file = await PartFile.create(path, 10);
    await file.writeAt(Buffer.from('cde'), 2);
    const buffer = Buffer.alloc(20);
    assert.equal(await file.readAt(buffer, 0), 10);
    assert.equal(buffer.toString('latin1', 0, 10), '\0\0cde\0\0\0\0\0');
    await file.close();
  });

  it('is reopened only as the regular file of that length that was left', async () => {
    await (await PartFile.create(path, 10)).close();
    const reopened = await PartFile.reopen(path, 10);
    assert.ok(reopened);
    await reopened.close();
    assert.equal(await PartFile.reopen(path, 11), undefined);
    assert.equal(await PartFile.reopen(join(folder.path, 'new'), 10), undefined);
    symlinkSync(path, join(folder.path, 'link'));
    assert.equal(await PartFile.reopen(join(folder.path, 'link'), 10), undefined);
    linkSync(path, join(folder.path, 'second name'));
    assert.equal(await PartFile.reopen(path, 10), undefined);
    await assert.rejects(PartFile.reopen(join(folder.path, 'gone', 'a'), 10), failsWith('disk/missing'));
  });

  it('never writes through a link, nor removes one', async () => {
    writeFileSync(join(folder.path, 'precious'), 'precious');
    symlinkSync(join(folder.path, 'precious'), join(folder.path, 'a.ossdownload'));
    await assert.rejects(PartFile.create(join(folder.path, 'a.ossdownload'), 10), failsWith('disk/targetExists'));
    assert.equal(readFileSync(join(folder.path, 'precious'), 'utf8'), 'precious');
    assert.ok(existsSync(join(folder.path, 'a.ossdownload')));
  });

  it('asks for the space of the whole object before it begins', async () => {
    await assert.rejects(PartFile.create(path, 2 ** 52), failsWith('disk/full'));
    assert.ok(!existsSync(path));
  });

  it('is not put in place when it was replaced, removed or cut meanwhile', async () => {
    const target = join(folder.path, 'target');
    const replaced = await PartFile.create(path, 10);
    await PartFile.discard(path);
    await assert.rejects(replaced.commit(target, false, 10, owned), failsWith('disk/missing'));
    writeFileSync(path, '0123456789');
    await assert.rejects(replaced.commit(target, false, 10, owned), failsWith('disk/missing'));
    await replaced.close();
    const cut = await PartFile.create(path, 10);
    writeFileSync(path, '');
    await assert.rejects(cut.commit(target, false, 10, owned), failsWith('disk/failed'));
    await cut.close();
    assert.ok(!existsSync(target));
  });

  it('is not put in place by a process that owns it no more, and can still be sealed then', async () => {
    const target = join(folder.path, 'target');
    const file = await PartFile.create(path, 10);
    const lost = (): Promise<void> => Promise.reject(new AppError('download/ownedElsewhere', 'taken over'));
    await assert.rejects(file.commit(target, true, 10, lost), failsWith('download/ownedElsewhere'));
    assert.ok(!existsSync(target) && existsSync(path));
    assert.notEqual(await file.seal(5000), 0n);
    await file.close();
  });

  it('takes no byte from a process that lost it while the write waited for its turn', async () => {
    const file = await PartFile.create(path, 10);
    let isOwned = true;
    const requireOwned = (): Promise<void> =>
      isOwned ? Promise.resolve() : Promise.reject(new AppError('download/ownedElsewhere', 'taken over'));
    const first = file.writeAt(Buffer.from('ab'), 0, async () => {
      await requireOwned();
      isOwned = false;
    });
    const second = file.writeAt(Buffer.from('cd'), 2, requireOwned);
    await first;
    await assert.rejects(second, failsWith('download/ownedElsewhere'));
    await file.close();
    assert.equal(readFileSync(path, 'latin1'), `ab${'\0'.repeat(8)}`);
  });

  it('is not sealed while the system is still bringing its bytes to the disk', async () => {
    const file = await PartFile.create(path, 10);
    let finish: () => void = () => undefined;
    const synced = new Promise<undefined>((resolve) => {
      finish = () => resolve(undefined);
    });
    const disk = await breakDisk({ sync: () => synced });
    try {
      assert.equal(await file.seal(1), 0n);
    } finally {
      finish();
      disk.mend();
    }
    assert.notEqual(await file.seal(5000), 0n);
    await file.close();
  });
});
