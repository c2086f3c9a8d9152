import { spawn } from 'node:child_process';
import { projectFolder } from '../install.mjs';
import { onStop } from './stopping.ts';

/** Runs a Node script of the checkout with this Node, its output shown as it comes. @returns its exit code */
export async function runNode(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const child = spawn(process.execPath, [script, ...args], { cwd: projectFolder, env, stdio: 'inherit' });
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => resolve(code ?? 1));
  });
  const release = onStop(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  try {
    return await ended;
  } finally {
    release();
  }
}
