import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createUserFiles } from '../../../../src/oss/credentials/userFiles.ts';
import { useTempFolder } from '../../../support/useTempFolder.ts';
import { rejection } from '../support/answers.ts';

describe('credential files of other programs', () => {
  const home = useTempFolder();
  const read = (file: string) => createUserFiles(home()).read(file);

  it('credential files are found in the home folder, shown with a tilde, from any working directory', async () => {
    await mkdir(path.join(home(), '.aliyun'));
    await writeFile(path.join(home(), '.aliyun', 'config.json'), '\uFEFFtext', { mode: 0o600 });
    for (const file of ['~/.aliyun/config.json', '.aliyun/config.json', path.join(home(), '.aliyun/config.json')]) {
      assert.deepEqual(await read(file), { shownPath: '~/.aliyun/config.json', text: 'text', isOpenToOthers: false });
    }
  });

  it('a credential file reports whether others may read it', async function () {
    if (process.platform === 'win32') this.skip();
    const file = path.join(home(), 'open');
    for (const [mode, isOpen] of [
      [0o600, false],
      [0o640, true],
      [0o604, true],
      [0o700, false],
    ] as const) {
      await writeFile(file, '');
      await chmod(file, mode);
      assert.equal((await read(file)).isOpenToOthers, isOpen, mode.toString(8));
    }
  });

  it('missing, special, oversized and unreadable files are named with the reason', async () => {
    await mkdir(path.join(home(), 'folder'));
    await writeFile(path.join(home(), 'huge'), Buffer.alloc(1024 * 1024 + 1));
    for (const [file, reason] of [
      ['nothing', 'missing'],
      ['folder/nothing/deep', 'missing'],
      ['folder', 'malformed'],
      ['huge', 'malformed'],
    ] as const) {
      const error = await rejection(read(`~/${file}`));
      assert.deepEqual(
        [error.code, error.details.reason, error.details.subject],
        ['auth/sourceFailed', reason, `~/${file}`],
      );
    }
    await writeFile(path.join(home(), 'closed'), '', { mode: 0o000 });
    if (process.getuid?.() !== 0 && process.platform !== 'win32') {
      assert.equal((await rejection(read('~/closed'))).details.reason, 'unreadable');
    }
  });

  it('reading a pipe does not block', async function () {
    if (process.platform === 'win32') this.skip();
    execFileSync('mkfifo', [path.join(home(), 'pipe')]);
    assert.equal((await rejection(read('~/pipe'))).details.reason, 'malformed');
  });
});
