import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../../scripts/install.mjs';
import { resultFile } from '../../../scripts/support/mocha.ts';
import { defaultUser } from '../../server/signing/users.ts';
import { Editor } from './editor.ts';
import type { EditorOptions } from './editor.ts';
import { secretsOnDisk } from './secretsOnDisk.ts';

export interface UseEditorOptions extends EditorOptions {
  /** A fresh editor for each test instead of one for the whole `describe`. */
  readonly perTest?: boolean;
}

/**
 * Called inside a `describe`: opens an editor before its tests and closes it after them. Each test leaves a screenshot
 * in `test-results/e2e`, and a failed one the logs as well. At the end no secret may be on disk.
 *
 * @param options for every editor; a function where they are known only when the tests run, such as a server's port
 * @returns gives the open editor, inside tests and hooks
 */
export function useEditor(options: UseEditorOptions | (() => EditorOptions) = {}): () => Editor {
  const perTest = typeof options !== 'function' && options.perTest === true;
  let editor: Editor | undefined;

  const open = async function (this: Mocha.Context): Promise<void> {
    this.timeout(180_000);
    const vsix = process.env['OSS_E2E_VSIX'];
    editor = new Editor(typeof options === 'function' ? options() : options, {
      folder: projectFolder,
      ...(vsix === undefined ? {} : { vsix }),
    });
    await editor.open();
  };
  const close = async function (this: Mocha.Context): Promise<void> {
    this.timeout(60_000);
    const closing = editor;
    editor = undefined;
    if (closing === undefined) return;
    try {
      assert.deepEqual(secretsOnDisk(closing, Object.values(defaultUser)), []);
    } finally {
      await closing.close();
    }
  };

  if (!perTest) before(open);
  else beforeEach(open);
  afterEach(async function () {
    if (editor !== undefined && this.currentTest !== undefined) await keepResults(editor, this.currentTest);
  });
  if (!perTest) after(close);
  else afterEach(close);

  return () => {
    if (editor === undefined) throw new Error('The editor is open only while tests run.');
    return editor;
  };
}

/** What helps to see why a test failed, or what it looked like when it passed. */
async function keepResults(editor: Editor, test: Mocha.Test): Promise<void> {
  const name = test
    .titlePath()
    .join(' - ')
    .replace(/[^\p{L}\p{N} .-]/gu, '')
    .slice(0, 120);
  await editor.screenshot(name).catch((error: unknown) => console.error(`No screenshot of "${name}":`, error));
  if (test.state === 'failed') {
    writeFileSync(resultFile(path.join('e2e', `${name}.server.log`)), editor.serverLog());
    writeFileSync(resultFile(path.join('e2e', `${name}.extension.log`)), editor.extensionLog());
  }
}
