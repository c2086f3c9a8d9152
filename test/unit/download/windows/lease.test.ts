import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../../src/base/clock.ts';
import { AppError } from '../../../../src/base/errors.ts';
import { LeaseFolder } from '../../../../src/download/windows/lease.ts';
import type { Lease } from '../../../../src/download/windows/lease.ts';
import { ownProcess } from '../../../../src/download/windows/processId.ts';
import { systemError } from '../../../support/brokenDisk.ts';
import { impatientClock } from '../../../support/engineRig.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import type { TempFolder } from '../../../support/tempFolder.ts';

const signal = new AbortController().signal;
const isOwned = (error: unknown): boolean => error instanceof AppError && error.code === 'download/ownedElsewhere';

describe('LeaseFolder', () => {
  let folder: TempFolder;
  let leases: LeaseFolder;
  const held: Lease[] = [];
  const acquire = async (from = leases): Promise<Lease> => {
    const lease = await from.acquire(join(folder.path, 'file.ossdownload'), signal);
    held.push(lease);
    return lease;
  };
  /** Makes every lease look as if its last heartbeat was an hour ago. */
  const age = (hourAgo = new Date(Date.now() - 3_600_000)): void => {
    for (const name of readdirSync(join(folder.path, 'leases'))) {
      utimesSync(join(folder.path, 'leases', name), hourAgo, hourAgo);
    }
  };

  beforeEach(() => {
    folder = tempFolder();
    leases = new LeaseFolder(join(folder.path, 'leases'), systemClock);
  });
  afterEach(async () => {
    await Promise.all(held.splice(0).map((lease) => lease.release()));
    folder.remove();
  });

  it('a lease has one owner until it is released', async () => {
    const lease = await acquire();
    await assert.rejects(acquire(), isOwned);
    await lease.release();
    await acquire();
  });

  it('leases of two files have two owners', async () => {
    await acquire();
    held.push(await leases.acquire(join(folder.path, 'other.ossdownload'), signal));
  });

  it('one of many simultaneous requests gets the lease', async () => {
    const asked = await Promise.allSettled(
      Array.from({ length: 8 }, () => acquire(new LeaseFolder(join(folder.path, 'leases'), systemClock))),
    );
    assert.ok(asked.filter((result) => result.status === 'fulfilled').length <= 1);
    assert.ok(asked.every((result) => result.status === 'fulfilled' || isOwned(result.reason)));
  });

  it('the lease of a dead process is taken over at once', async () => {
    const child = spawn(
      process.execPath,
      [
        '-e',
        `
      import(${moduleUrl('download/windows/lease.ts')}).then(async ({ LeaseFolder }) => {
        const { systemClock } = await import(${moduleUrl('base/clock.ts')});
        const leases = new LeaseFolder(${JSON.stringify(join(folder.path, 'leases'))}, systemClock);
        await leases.acquire(${JSON.stringify(join(folder.path, 'file.ossdownload'))}, new AbortController().signal);
        console.log('owned');
      })`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    await assert.rejects(acquire(), isOwned);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await acquire();
  });

  it('a lease with a heartbeat in the future, from before the clock was set back, is taken over', async () => {
    // A process of another machine can be judged by its heartbeat alone.
    const owner = JSON.stringify({ pid: 1, machine: 'another machine' });
    await (await acquire()).release();
    const first = await acquire();
    const [name = ''] = readdirSync(join(folder.path, 'leases'));
    await first.release();
    const left = join(folder.path, 'leases', name);
    writeFileSync(left, owner);
    const tomorrow = new Date(Date.now() + 24 * 3_600_000);
    utimesSync(left, tomorrow, tomorrow);
    await acquire(new LeaseFolder(join(folder.path, 'leases'), impatientClock));
  });

  it('a lease that could not be written leaves no file that would block the next attempt', async () => {
    const path = join(folder.path, 'leases');
    const write = fs.writeFile;
    fs.writeFile = async (...args: Parameters<typeof write>) => {
      await write(args[0], '', { flag: 'wx' });
      throw systemError('ENOSPC');
    };
    syncBuiltinESMExports();
    try {
      await assert.rejects(acquire(), (error) => error instanceof AppError && error.code === 'disk/full');
    } finally {
      fs.writeFile = write;
      syncBuiltinESMExports();
    }
    assert.deepEqual(readdirSync(path), []);
    await acquire();
  });

  it('a silent owner loses its lease after it was watched, and is told', async () => {
    const first = await acquire();
    const patient = new LeaseFolder(join(folder.path, 'leases'), impatientClock);
    age();
    await acquire(patient);
    const told = new Promise((_, reject) => {
      first.lost.addEventListener('abort', () => reject(first.lost.reason as Error));
    });
    await assert.rejects(told, isOwned);
    assert.throws(() => first.requireOwned(), isOwned);
  });

  it('an old lease stays with its owner if a heartbeat comes while it is watched', async () => {
    await acquire();
    age();
    const watching = new LeaseFolder(join(folder.path, 'leases'), {
      ...systemClock,
      delay: () => {
        const now = new Date();
        readdirSync(join(folder.path, 'leases')).forEach((name) =>
          utimesSync(join(folder.path, 'leases', name), now, now),
        );
        return Promise.resolve();
      },
    });
    await assert.rejects(acquire(watching), isOwned);
  });

  it('a late heartbeat of another process keeps the lease until it is missing for long', async () => {
    const path = join(folder.path, 'file.ossdownload');
    await acquire();
    const [name = ''] = readdirSync(join(folder.path, 'leases'));
    writeFileSync(join(folder.path, 'leases', name), JSON.stringify({ ...ownProcess, pid: process.ppid }));
    const hourAgo = new Date(Date.now() - 3_600_000);
    let nowMs = 0;
    const watching = new LeaseFolder(join(folder.path, 'leases'), { ...systemClock, steadyMs: () => nowMs });
    const isHeld: boolean[] = [];
    for (nowMs = 0; nowMs <= 5000; nowMs += 1000) {
      age(hourAgo);
      isHeld.push((await watching.held([path])).has(path));
    }
    assert.deepEqual(isHeld, [true, true, true, true, true, false]);
  });

  it('a pid of another machine is never taken for dead', async () => {
    const lease = await acquire();
    const [name = ''] = readdirSync(join(folder.path, 'leases'));
    writeFileSync(
      join(folder.path, 'leases', name),
      JSON.stringify({ pid: 4_000_000, machine: `not ${hostname()}`, token: 't' }),
    );
    await assert.rejects(acquire(), isOwned);
    await lease.release();
  });
});

/** A module of `src` as a child process imports it, in quotes. */
function moduleUrl(file: string): string {
  return JSON.stringify(import.meta.resolve(`../../../../src/${file}`));
}
