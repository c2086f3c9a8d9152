import assert from 'node:assert/strict';
import fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { basename, join } from 'node:path';
import { newHeader } from '../../../src/download/checkpoint/checkpointHeader.ts';
import { runDownload } from '../../../src/download/transfer/runDownload.ts';
import { ownPartPathOf, partPathOf } from '../../../src/download/files/partPath.ts';
import { ServerRig } from '../support/serverRig.ts';

/**
 * Writes down in which order this process syncs files and gives them names: what a power cut leaves depends on nothing
 * else. Node's own functions are wrapped, since no test can cut the power.
 */
async function watchDisk(): Promise<{ readonly events: string[]; restore(): void }> {
  const events: string[] = [];
  const probe = await fs.open('/', 'r');
  // The class itself is not exported
  const handles = Object.getPrototypeOf(probe) as Pick<FileHandle, 'sync' | 'datasync'>;
  await probe.close();
  const { open, link, rename } = fs;
  const { sync, datasync } = handles;
  const paths = new WeakMap<object, string>();
  const note = (what: string, path: string): void => {
    events.push(`${what} ${basename(path)}`);
  };
  fs.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    paths.set(handle, path.toString());
    return handle;
  };
  fs.link = async (from, to) => {
    await link(from, to);
    note('name', to.toString());
  };
  fs.rename = async (from, to) => {
    await rename(from, to);
    note('name', to.toString());
  };
  handles.sync = async function (this: object) {
    await sync.call(this as FileHandle);
    note('sync', paths.get(this) ?? '?');
  };
  handles.datasync = async function (this: object) {
    await datasync.call(this as FileHandle);
    note('sync', paths.get(this) ?? '?');
  };
  syncBuiltinESMExports();
  return {
    events,
    restore: () => {
      Object.assign(fs, { open, link, rename });
      Object.assign(handles, { sync, datasync });
      syncBuiltinESMExports();
    },
  };
}

describe('sync order before a power cut', () => {
  for (const overwrite of [false, true]) {
    it(`all bytes are synced before a ${overwrite ? 'replaced' : 'new'} final name, the folder after it`, async () => {
      const rig = await ServerRig.start();
      const disk = await watchDisk();
      try {
        rig.server.store.bucket('pub').put('a', { seed: 1, sizeBytes: 3_000_000 });
        const request = rig.request('a', { overwrite });
        assert.equal((await rig.run('id', request)).kind, 'completed');
        const bytes = disk.events.lastIndexOf(`sync ${basename(partPathOf(request.path))}`);
        const name = disk.events.indexOf(`name ${basename(request.path)}`);
        const folder = disk.events.lastIndexOf(`sync ${basename(join(request.path, '..'))}`);
        assert.ok(bytes >= 0 && bytes < name && name < folder, disk.events.join(', '));
      } finally {
        disk.restore();
        await rig.stop();
      }
    });

    it(`a small object that ${overwrite ? 'replaces a file' : 'is new'} is synced in the same order`, async () => {
      const rig = await ServerRig.start();
      const disk = await watchDisk();
      try {
        rig.server.store.bucket('pub').put('a', { seed: 1, sizeBytes: 3000 });
        const request = rig.request('a', { overwrite, batch: 'batch', known: rig.known('a') });
        const silent = { onPhase: () => undefined, onSize: () => undefined, onBytes: () => undefined };
        const outcome = await runDownload(
          { header: newHeader('id', 0, request), isNew: true },
          rig.deps,
          silent,
          new AbortController().signal,
        );
        assert.equal(outcome.kind, 'completed');
        assert.deepEqual(disk.events, [
          `sync ${basename(ownPartPathOf(request.path))}`,
          `name ${basename(request.path)}`,
          `sync ${basename(join(request.path, '..'))}`,
        ]);
      } finally {
        disk.restore();
        await rig.stop();
      }
    });
  }
});
