import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../../scripts/install.mjs';
import { findProgram } from '../../../scripts/support/programs.ts';
import { onStop } from '../../../scripts/support/stopping.ts';
import { waitFor } from '../../../scripts/support/waitFor.ts';
import type { Certificates } from './localCa.ts';
import { accepts, freePort } from '../../support/ports.ts';
import { nginxConfiguration } from './nginxConfiguration.ts';
import { parseLog } from './requestLog.ts';
import type { LoggedRequest } from './requestLog.ts';
import type { TestObject } from './testObjects.ts';

/** nginx over HTTPS. The same objects stand in several buckets, which differ in speed. */
export interface ObjectServer {
  /** `https://127.0.0.1:PORT` */
  readonly origin: string;
  readonly port: number;
  readonly version: string;
  /** Forgets the requests so far. */
  clearLog(): void;
  /** Resolves when no client is connected any more and every request stands in the log. */
  idle(): Promise<void>;
  /** Requests that have ended since, in the order of their ends. */
  log(): readonly LoggedRequest[];
  close(): Promise<void>;
}

/** On each connection, from the bucket `limited`; the bucket `bench` is as fast as it goes. */
export const limitedBytesPerSecond = 20_000_000;

/** @throws Failure where nginx is missing */
export function findNginx(): string {
  const executable = findProgram(['nginx', '/usr/sbin/nginx']);
  if (executable === undefined) {
    throw new Failure('nginx is missing, the server of the benchmark: install the package nginx-light.');
  }
  return executable;
}

/**
 * @param executable  of nginx
 * @param folder      has the objects in `objects`; gets configuration and log
 * @throws Error with what nginx said, when it ends instead of listening
 */
export async function startObjectServer(
  executable: string,
  folder: string,
  objects: readonly TestObject[],
  certificates: Certificates,
): Promise<ObjectServer> {
  const serverFolder = join(folder, 'nginx');
  mkdirSync(serverFolder, { recursive: true });
  // its workers are somebody else where it is started as root
  chmodSync(folder, 0o755);
  const [port, statusPort] = [await freePort(), await freePort()];
  const logFile = join(serverFolder, 'access.log');
  const configuration = join(serverFolder, 'nginx.conf');
  writeFileSync(
    configuration,
    nginxConfiguration({
      port,
      statusPort,
      objects,
      certificates,
      files: join(folder, 'objects'),
      limitedBytesPerSecond,
    }),
  );
  const errorFile = join(serverFolder, 'error.log');
  const output = openSync(errorFile, 'w');
  const child = spawn(executable, ['-p', serverFolder, '-e', 'stderr', '-c', configuration], {
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  const release = onStop(close);
  await waitFor('nginx to listen', () => {
    if (hasEnded(child)) {
      throw new Error(`nginx ended at once: ${readFileSync(errorFile, 'utf8')}`);
    }
    return accepts(port);
  });
  return {
    origin: `https://127.0.0.1:${port}`,
    port,
    version: versionOf(executable),
    clearLog: () => writeFileSync(logFile, ''),
    idle: async () => {
      // the question itself is a connection, and does not go into the log
      await waitFor('the server to have nothing to do', async () => (await activeConnections(statusPort)) === 1, {
        everyMs: 20,
      });
    },
    log: () => parseLog(readFileSync(logFile, 'utf8')),
    close: async () => {
      release();
      await close();
    },
  };
}

/** It prints its version on stderr. */
function versionOf(executable: string): string {
  return /nginx\/(\S+)/.exec(spawnSync(executable, ['-v'], { encoding: 'utf8' }).stderr)?.[1] ?? 'unknown version';
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** @see ngx_http_stub_status_module */
async function activeConnections(statusPort: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${statusPort}/`, { headers: { connection: 'close' } })).text();
  return Number(/Active connections: (\d+)/.exec(text)?.[1]);
}
