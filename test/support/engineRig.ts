import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../../src/base/clock.ts';
import { silentLogger } from './silentLogger.ts';
import { Bandwidth } from '../../src/download/transfer/bandwidth.ts';
import { BlockPool } from '../../src/download/transfer/blockPool.ts';
import { CheckpointStore } from '../../src/download/checkpoint/checkpointStore.ts';
import { newHeader } from '../../src/download/checkpoint/checkpointHeader.ts';
import { ConnectionBudget } from '../../src/download/transfer/connectionBudget.ts';
import { createCrc64 } from '../../src/download/transfer/crc64.ts';
import { runDownload } from '../../src/download/transfer/runDownload.ts';
import type { Outcome } from '../../src/download/transfer/runDownload.ts';
import type { RunningPhase } from '../../src/download/downloadState.ts';
import { LeaseFolder } from '../../src/download/windows/lease.ts';
import type { DownloadRequest, TransferLimits } from '../../src/download/model.ts';
import type { EngineDeps } from '../../src/download/transfer/transfer.ts';
import type { ObjectRef } from '../../src/oss/model.ts';
import { MemoryReader } from './memoryReader.ts';
import type { MemoryObject } from './memoryReader.ts';
import { tempFolder } from './tempFolder.ts';
import type { TempFolder } from './tempFolder.ts';

const crc64 = createCrc64();

/** A clock whose waits are over at once, but for one turn of the event loop. */
export const impatientClock: Clock = {
  wallMs: () => Date.now(),
  steadyMs: () => performance.now(),
  delay: async (_ms, signal) => {
    signal.throwIfAborted();
    await new Promise((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  },
};

/** The engine on objects in memory and files in a temporary folder. */
export class EngineRig {
  readonly folder: TempFolder = tempFolder();
  readonly reader = new MemoryReader();
  limits: TransferLimits = {
    maxConnections: 4,
    concurrentDownloads: 3,
    partSizeBytes: 64 * 1024,
    retries: 3,
    stallTimeoutMs: 1000,
  };
  /** What the host keeps, by download. */
  readonly keptUrls = new Map<string, string>();
  /** Lines of the log, with their levels. */
  readonly log: string[] = [];
  readonly deps: EngineDeps;
  signed = 0;

  constructor() {
    this.deps = {
      reader: this.reader,
      keptUrls: { load: (id) => Promise.resolve(this.keptUrls.get(id)) },
      signer: {
        signGet: (object) => {
          this.signed += 1;
          return Promise.resolve({ url: urlOf(object), expiresAtMs: Number.MAX_SAFE_INTEGER });
        },
      },
      store: new CheckpointStore(join(this.folder.path, 'storage'), silentLogger, 1),
      leases: new LeaseFolder(join(this.folder.path, 'leases'), impatientClock),
      budget: new ConnectionBudget(this.limits.maxConnections, impatientClock),
      blocks: new BlockPool(),
      bandwidth: new Bandwidth(impatientClock, () => this.limits.bytesPerSecond ?? 0),
      crc64,
      clock: impatientClock,
      random: () => 0.5,
      limits: () => this.limits,
      logger: { log: (level, message) => void this.log.push(`${level} ${message}`) },
    };
  }

  get target(): string {
    return join(this.folder.path, 'target', 'file.bin');
  }

  /** Puts an object at the key, described as OSS describes it. */
  put(key: string, bytes: Uint8Array, facts: Partial<MemoryObject> = {}): void {
    this.reader.objects.set(urlOf(objectRef(key)), {
      bytes,
      etag: `"${createHash('md5').update(bytes).digest('hex')}"`,
      lastModified: 'Sun, 22 Nov 2026 06:00:00 GMT',
      crc64: crc64.of(bytes).toString(),
      ...facts,
    });
  }

  request(key: string, more: Partial<DownloadRequest> = {}): DownloadRequest {
    return { source: { kind: 'oss', object: objectRef(key) }, path: this.target, overwrite: false, ...more };
  }

  /** Runs one session of the download with this id. */
  async run(
    id: string,
    request: DownloadRequest,
    signal: AbortSignal = new AbortController().signal,
    onPhase: (phase: RunningPhase) => void = () => undefined,
  ): Promise<Outcome> {
    const header = newHeader(id, 0, request);
    const url = request.source.kind === 'url' ? { url: request.source.url } : {};
    return runDownload(
      { header, isNew: false, ...url },
      this.deps,
      { onPhase, onSize: () => undefined, onBytes: () => undefined },
      signal,
    );
  }
}

export function objectRef(key: string): ObjectRef {
  return { profile: 'test', bucket: 'bucket', key };
}

function urlOf({ bucket, key, versionId }: ObjectRef): string {
  return `memory://${bucket}/${key}${versionId === undefined ? '' : `?versionId=${versionId}`}`;
}
