// `node scripts/run.mjs <task> [args]`: runs scripts/tasks/<task>.ts, on any Node from 18 on, from a fresh clone.
// Plain JavaScript without dependencies, because nothing is installed yet when it starts.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ensureNode24, Failure, npm, projectFolder, say, withFirstInPath } from './install.mjs';

const tasks = readdirSync(path.join(projectFolder, 'scripts', 'tasks')).map((file) => path.basename(file, '.ts'));

/** undici 8 asks for Node 22.19, and the scripts for a Node that strips types by itself. */
function runningNodeFits() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return (major > 22 || (major === 22 && minor >= 19)) && process.features.typescript === 'strip';
}

function ensureNodeModules() {
  const installed = path.join(projectFolder, 'node_modules', '.package-lock.json');
  const wanted = path.join(projectFolder, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  say('Installing the npm packages of package-lock.json');
  npm('The npm packages', ['ci', '--ignore-scripts']);
}

function run(node, task, args) {
  const child = spawn(node, [path.join(projectFolder, 'scripts', 'runTask.ts'), task, ...args], {
    cwd: projectFolder,
    env: withFirstInPath(node),
    stdio: 'inherit',
  });
  // Ctrl+C reaches the child by itself; this process only waits for it. A kill from outside is passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGHUP'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

const [task, ...args] = process.argv.slice(2);
try {
  if (task === undefined || !tasks.includes(task)) {
    throw new Failure(
      `${task === undefined ? 'No task was named' : `There is no task "${task}"`}: run "node scripts/run.mjs ` +
        `<task>" with one of ${tasks.join(', ')}.`,
    );
  }
  const node = runningNodeFits() ? process.execPath : ensureNode24().executable;
  ensureNodeModules();
  process.exitCode = await run(node, task, args);
} catch (error) {
  process.stderr.write(`${error instanceof Failure ? error.message : error.stack}\n`);
  process.exitCode = 1;
}
