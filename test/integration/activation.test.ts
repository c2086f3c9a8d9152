import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { reporters } from 'mocha';
import * as vscode from 'vscode';
import { contributions, ownExtension } from './support/ownExtension.ts';

/** Far above the usual time even on a busy machine; the measured time is printed. */
const activationLimitMs = 3000;

describe('the extension', () => {
  it('the extension activates quickly', async () => {
    const extension = ownExtension();
    const wasActive = extension.isActive;
    const start = performance.now();
    await extension.activate();
    const elapsedMs = performance.now() - start;
    reporters.Base.consoleLog(`      activation: ${wasActive ? 'had happened already' : `${elapsedMs.toFixed(0)} ms`}`);
    assert(elapsedMs < activationLimitMs);
  });

  it('every contributed command has a handler', async () => {
    const contributed = contributions().commands.map(({ command }) => command);
    assert(contributed.length > 0);
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      contributed.filter((command) => !registered.has(command)),
      [],
    );
  });
});
