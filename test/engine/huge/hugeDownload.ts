import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '../../support/silentLogger.ts';
import { CheckpointStore } from '../../../src/download/checkpoint/checkpointStore.ts';
import { newHeader } from '../../../src/download/checkpoint/checkpointHeader.ts';
import { isFinal } from '../../../src/download/downloadState.ts';
import { partPathOf } from '../../../src/download/files/partPath.ts';
import { onStop } from '../../../scripts/support/stopping.ts';
import { startOssServer } from '../../server/ossServer.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { differenceFrom } from '../support/compareFile.ts';
import { EngineProcess } from '../support/engineProcess.ts';

const gibibyte = 1024 ** 3;
/** Left free on the disk, whatever is downloaded. */
const spareBytes = 4 * gibibyte;
const sampleMs = 200;

export interface HugeResult {
  readonly seconds: number;
  /** Memory of the engine's whole process before the download, and at most while it ran. */
  readonly idleBytes: number;
  readonly peakBytes: number;
  readonly difference: string | undefined;
}

/**
 * Downloads one huge object and watches the memory of the process.
 * @throws Error when the disk is too small, or the download fails
 */
export async function downloadHuge(
  sizeBytes: number,
  seed: number,
  onProgress: (line: string) => void,
): Promise<HugeResult> {
  const folder = tempFolder();
  const server = await startOssServer({ buckets: { pub: { acl: 'public-read' } } });
  const path = join(folder.path, 'out', 'huge.bin');
  server.store.bucket('pub').put('huge', { seed, sizeBytes });
  const engine = EngineProcess.spawn({
    storagePath: join(folder.path, 'storage'),
    limits: { maxConnections: 16, concurrentDownloads: 3, partSizeBytes: 'auto', retries: 5, stallTimeoutMs: 30_000 },
    origin: server.url,
  });
  const end = async (): Promise<void> => {
    await engine.kill();
    await server.close();
    folder.remove();
  };
  const release = onStop(end);
  try {
    const { bavail, bsize } = await statfs(folder.path);
    if (bavail * bsize < sizeBytes + spareBytes) {
      throw new Error(
        `${folder.path} has ${Math.floor((bavail * bsize) / gibibyte)} GiB free: choose a smaller --gib, or ` +
          `another TMPDIR`,
      );
    }
    await engine.ready;
    const idleBytes = await engine.residentBytes();
    let peakBytes = idleBytes;
    const start = performance.now();
    let told = start;
    const id = await engine.add({
      source: { kind: 'oss', object: { profile: 'p', bucket: 'pub', key: 'huge' } },
      path,
      overwrite: false,
    });
    for (;;) {
      peakBytes = Math.max(peakBytes, await engine.residentBytes());
      const download = engine.downloads.get(id);
      if (download?.state.kind === 'failed') {
        throw new Error(`the download failed, ${download.state.error.code}: ${download.state.error.message}`);
      }
      if (download !== undefined && isFinal(download.state)) {
        break;
      }
      if (performance.now() - told > 30_000) {
        told = performance.now();
        onProgress(
          `${((download?.bytesDone ?? 0) / gibibyte).toFixed(1)} GiB, at ` +
            `most ${inMebibytes(peakBytes - idleBytes)} MiB above idle`,
        );
      }
      await sleep(sampleMs);
    }
    const seconds = (performance.now() - start) / 1000;
    const difference = existsSync(partPathOf(path))
      ? 'the unfinished file is left'
      : await differenceFrom(path, seed, sizeBytes);
    return { seconds, idleBytes, peakBytes, difference };
  } finally {
    release();
    await end();
  }
}

/** How long a checkpoint with 10,000 finished parts takes to load: the median of several times, in milliseconds. */
export async function checkpointLoadMs(): Promise<number> {
  const folder = tempFolder();
  try {
    const store = new CheckpointStore(folder.path, silentLogger);
    const header = newHeader('id', 0, {
      source: { kind: 'url', url: 'https://host.example/huge' },
      path: '/huge',
      overwrite: false,
    });
    await store.save(
      header,
      Array.from(
        { length: 10_000 },
        (_, index) => ({ kind: 'part', index, bytesDone: 8 * 1024 ** 2, crc64: BigInt(index) }) as const,
      ),
    );
    const times: number[] = [];
    for (let time = 0; time < 9; time++) {
      const start = performance.now();
      await store.load('id');
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[4] ?? Number.NaN;
  } finally {
    folder.remove();
  }
}

export function inMebibytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}
