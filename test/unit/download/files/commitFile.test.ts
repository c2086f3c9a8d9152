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

const owned = (): void => undefined;

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

  it('a finished file is moved to its final name', async () => {
    await commitFile(from, to, false);
    assert.equal(readFileSync(to, 'utf8'), 'new');
    assert.ok(!existsSync(from));
  });

  it('an existing file is replaced only when that is allowed', async () => {
    writeFileSync(to, 'old');
    await assert.rejects(commitFile(from, to, false), failsWith('disk/targetExists'));
    assert.equal(readFileSync(to, 'utf8'), 'old');
    assert.ok(existsSync(from));
    await commitFile(from, to, true);
    assert.equal(readFileSync(to, 'utf8'), 'new');
  });

  it('a folder at the final name is never replaced', async () => {
    mkdirSync(to);
    await assert.rejects(commitFile(from, to, false), failsWith('disk/targetExists'));
    await assert.rejects(commitFile(from, to, true), failsWith('disk/targetExists'));
  });

  it('a move that a crash interrupted half-way is finished', async () => {
    linkSync(from, to);
    await commitFile(from, to, false);
    assert.ok(!existsSync(from) && existsSync(to));
  });
});

describe('file numbers', () => {
  it('file numbers are compared with all 64 bits, as NTFS uses them', () => {
    const neighbour = { dev: 1n, ino: 0x0042_0000_0000_1000n };
    const file = { dev: 1n, ino: 0x0042_0000_0000_1001n };
    assert.equal(Number(file.ino), Number(neighbour.ino), 'as doubles they are one');
    assert.ok(!isSameFile(file, neighbour) && isOtherFile(file, neighbour));
    assert.ok(isSameFile(file, { ...file }) && !isOtherFile(file, { ...file }));
  });

  it('file numbers prove nothing on a file system without them', () => {
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

  it('a part file has the length of the object, creates its folders, and accepts writes at any offset', async () => {
    const file = await PartFile.create(path, 10);
    await file.writeAt(Buffer.from('cde'), 2);
    const buffer = Buffer.alloc(20);
    assert.equal(await file.readAt(buffer, 0), 10);
    assert.equal(buffer.toString('latin1', 0, 10), '\0\0cde\0\0\0\0\0');
    await file.close();
  });

  it('a part file is reopened only if it is still the same regular file of the same length', async () => {
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

  it('a part file that is a link is neither written through nor removed', async () => {
    writeFileSync(join(folder.path, 'precious'), 'precious');
    symlinkSync(join(folder.path, 'precious'), join(folder.path, 'a.ossdownload'));
    await assert.rejects(PartFile.create(join(folder.path, 'a.ossdownload'), 10), failsWith('disk/targetExists'));
    assert.equal(readFileSync(join(folder.path, 'precious'), 'utf8'), 'precious');
    assert.ok(existsSync(join(folder.path, 'a.ossdownload')));
  });

  it('the space for the whole object is reserved before the download begins', async () => {
    await assert.rejects(PartFile.create(path, 2 ** 52), failsWith('disk/full'));
    assert.ok(!existsSync(path));
  });

  it('a part file that was replaced, removed or truncated is not put in place', async () => {
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

  it('a process that lost a part file cannot put it in place, but can still seal it', async () => {
    const target = join(folder.path, 'target');
    const file = await PartFile.create(path, 10);
    const lost = (): never => {
      throw new AppError('download/ownedElsewhere', 'taken over');
    };
    await assert.rejects(file.commit(target, true, 10, lost), failsWith('download/ownedElsewhere'));
    assert.ok(!existsSync(target) && existsSync(path));
    assert.notEqual(await file.seal(5000), 0n);
    await file.close();
  });

  it('a process that lost a part file while its write was waiting cannot write to it', async () => {
    const file = await PartFile.create(path, 10);
    let isOwned = true;
    const requireOwned = (): void => {
      if (!isOwned) throw new AppError('download/ownedElsewhere', 'taken over');
    };
    const first = file.writeAt(Buffer.from('ab'), 0, () => {
      requireOwned();
      isOwned = false;
    });
    const second = file.writeAt(Buffer.from('cd'), 2, requireOwned);
    await first;
    await assert.rejects(second, failsWith('download/ownedElsewhere'));
    await file.close();
    assert.equal(readFileSync(path, 'latin1'), `ab${'\0'.repeat(8)}`);
  });

  it('a part file is sealed only after the system has written its bytes to disk', async () => {
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
