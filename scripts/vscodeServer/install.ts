import path from 'node:path';
import { ensureNode24, Failure, installOnce, npm, say, withFirstInPath } from '../install.mjs';
import { findProgram, installDebianPackages } from '../support/programs.ts';

/** npm's code-server is VS Code's own server, web workbench and extension host; this one is VS Code 1.139.1. */
const version = '4.139.1';

export interface VscodeServer {
  readonly node: string;
  /** The script that starts it. */
  readonly entry: string;
}

/** The VS Code server from npm, installed when first asked for: about 35 s, 800 MB. @throws Failure */
export function ensureVscodeServer(): VscodeServer {
  if (process.platform === 'win32') {
    throw new Failure(
      'On Windows the VS Code server from npm does not run: install VS Code, so that "code" is in PATH or ' +
        'VSCODE_EXECUTABLE names it.',
    );
  }
  const node = ensureNode24();
  const folder = installOnce(`code-server-${version}`, (target) => install(target, node));
  return { node: node.executable, entry: path.join(folder, 'node_modules/code-server/out/node/entry.js') };
}

function install(target: string, node: { readonly folder: string; readonly executable: string }): void {
  say(`Installing the VS Code server (code-server ${version}) from npm`);
  if (
    findProgram(['python3']) === undefined ||
    findProgram(['make']) === undefined ||
    findProgram(['g++', 'c++']) === undefined
  ) {
    installDebianPackages('The compiler for two native modules of VS Code', ['python3', 'make', 'g++']);
  }
  // Its modules must fit the Node that runs it, whichever Node runs this script and wherever its headers are said to
  // be.
  const options = {
    node: node.executable,
    env: withFirstInPath(node.executable, { ...process.env, npm_config_nodedir: node.folder }),
  };
  const vscode = path.join(target, 'node_modules/code-server/lib/vscode');
  const what = 'The VS Code server';
  npm(what, ['install', '--prefix', target, '--no-save', '--ignore-scripts', `code-server@${version}`], {
    ...options,
    cwd: target,
  });
  for (const folder of [vscode, path.join(vscode, 'extensions')]) {
    npm(what, ['install', '--omit=dev', '--ignore-scripts'], { ...options, cwd: folder });
  }
  say('Compiling its two native modules');
  npm(what, ['rebuild', '--foreground-scripts', '@vscode/spdlog', '@vscode/native-watchdog'], {
    ...options,
    cwd: vscode,
  });
}
