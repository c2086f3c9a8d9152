import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { Failure, say } from '../install.mjs';

/**
 * The first of the given programs that can be run: names are looked up in PATH, absolute paths are taken as they are.
 */
export function findProgram(candidates: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const files = candidates.flatMap((name) =>
    path.isAbsolute(name) ? [name] : folders.map((folder) => path.join(folder, name)),
  );
  return files.find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Installs Debian packages where this process may: as root, on a system with apt-get.
 *
 * @param what the words for what is missing
 * @throws Failure that names the packages to install by hand
 */
export function installDebianPackages(what: string, packages: readonly string[]): void {
  const apt = findProgram(['apt-get']);
  const byHand = `install ${packages.join(', ')} with your system's package manager, then run this again`;
  if (apt === undefined || process.getuid?.() !== 0) throw new Failure(`${what} is missing: ${byHand}.`);
  say(`Installing ${packages.join(', ')} with apt-get`);
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    stdio: 'pipe',
    maxBuffer: 64 * 1024 * 1024,
  } as const;
  try {
    execFileSync(apt, ['update'], options);
    execFileSync(apt, ['install', '-y', '--no-install-recommends', ...packages], options);
  } catch (error) {
    if (error instanceof Error && 'stderr' in error) process.stderr.write(String(error.stderr));
    throw new Failure(`${what} is missing and apt-get could not install it (its output stands above): ${byHand}.`);
  }
}
