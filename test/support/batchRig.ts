import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../src/base/clock.ts';
import { silentLogger } from './silentLogger.ts';
import { BatchManager } from '../../src/download/batch/batchManager.ts';
import type { BatchRequest, BatchSnapshot, ConflictAnswer } from '../../src/download/batchModel.ts';
import { BatchStore } from '../../src/download/batch/batchStore.ts';
import { DownloadManager } from '../../src/download/queue/downloadManager.ts';
import { OtherWindows } from '../../src/download/windows/otherWindows.ts';
import type { BucketRef, ListedObject } from '../../src/oss/model.ts';
import type { ListPosition, Page } from '../../src/oss/objectLister.ts';
import { EngineRig, objectRef } from './engineRig.ts';
import { until } from './poll.ts';

export const rigBucket: BucketRef = { profile: 'test', bucket: 'bucket' };

/** Below any folder its path is longer than Linux allows. */
export const tooDeepKey = `${`${'d'.repeat(200)}/`.repeat(22)}x`;

/** One window: an engine with its batches. */
export interface RigWindow {
  readonly manager: DownloadManager;
  readonly batches: BatchManager;
  shutdown(): Promise<void>;
}

/** Batches on objects in memory and files in a temporary folder; several windows may share them. */
export class BatchRig {
  readonly engine = new EngineRig();
  /** Positions that pages were asked for from. */
  readonly listed: (ListPosition | undefined)[] = [];
  readonly conflicts: string[] = [];
  /** Keys of objects that must be restored before they can be read. */
  readonly archived = new Set<string>();
  pageSize = 10;
  conflict: (path: string) => ConflictAnswer = () => ({ choice: 'skip', forAll: false });
  /** Called before each page; may throw, or hold it back. */
  beforePage: (signal: AbortSignal) => void | Promise<void> = () => undefined;
  private readonly keys: string[] = [];
  private readonly windows: RigWindow[] = [];

  get target(): string {
    return join(this.engine.folder.path, 'target');
  }

  put(key: string, text = `content of ${key}`): void {
    this.engine.put(key, Buffer.from(text));
    this.keys.push(key);
    this.keys.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  }

  /** `count` objects `f/000`, `f/001`, … */
  putMany(count: number): void {
    manyKeys(count).forEach((key) => this.put(key));
  }

  /** Answers for these keys hang until `release`. */
  hang(isHeld: (key: string) => boolean): void {
    this.engine.reader.fault = ({ url }) => (isHeld(keyOf(url)) ? { kind: 'hang', afterBytes: 1 } : undefined);
  }

  release(): void {
    this.engine.reader.fault = () => undefined;
  }

  request(more: Partial<BatchRequest> = {}): BatchRequest {
    return {
      sources: [{ kind: 'prefix', bucket: rigBucket, prefix: '', into: [] }],
      folder: this.target,
      label: 'oss://bucket/',
      conflict: 'ask',
      invalidNames: 'encode',
      preserveModified: false,
      ...more,
    };
  }

  async open(): Promise<RigWindow> {
    const { deps, folder } = this.engine;
    const windows = new OtherWindows(join(folder.path, 'windows'), systemClock);
    const manager = new DownloadManager(deps, windows);
    await manager.load();
    const batches = new BatchManager({
      engine: manager,
      windows,
      host: {
        listObjects: (_bucket, prefix, from, signal) => this.list(prefix, from, signal),
        askConflict: (path) => {
          this.conflicts.push(path);
          return Promise.resolve(this.conflict(path));
        },
      },
      store: new BatchStore(join(folder.path, 'batches'), silentLogger),
      leases: deps.leases,
      clock: deps.clock,
      random: deps.random,
      limits: deps.limits,
      logger: silentLogger,
    });
    await batches.load();
    const window = {
      manager,
      batches,
      shutdown: async () => {
        await Promise.all([batches.shutdown(), manager.shutdown()]);
      },
    };
    this.windows.push(window);
    return window;
  }

  /** Relative paths of all files in the target folder, sorted, with their contents. */
  files(): Readonly<Record<string, string>> {
    const files = readdirSync(this.target, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(this.target, name)).isFile(),
    );
    return Object.fromEntries(files.sort().map((name) => [name, readFileSync(join(this.target, name), 'utf8')]));
  }

  async close(): Promise<void> {
    await Promise.all(this.windows.map((window) => window.shutdown()));
    this.engine.folder.remove();
  }

  private async list(prefix: string, from: ListPosition | undefined, signal: AbortSignal): Promise<Page<ListedObject>> {
    this.listed.push(from);
    await this.beforePage(signal);
    signal.throwIfAborted();
    const after = from?.kind === 'token' ? from.token : from?.key;
    const rest = this.keys.filter(
      (key) =>
        key.startsWith(prefix) && (after === undefined || Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0),
    );
    const keys = rest.slice(0, this.pageSize);
    const last = keys.at(-1);
    return {
      items: keys.map((key) => this.listedObject(key)),
      ...(rest.length > keys.length && last !== undefined ? { next: last } : {}),
    };
  }

  private listedObject(key: string): ListedObject {
    const { bytes, etag = '' } = this.engine.reader.objects.get(`memory://bucket/${key}`) ?? { bytes: Buffer.alloc(1) };
    return {
      ref: objectRef(key),
      sizeBytes: bytes.length,
      etag,
      lastModifiedMs: Date.UTC(2026, 10, 22, 6),
      storageClass: this.archived.has(key) ? 'Archive' : 'Standard',
    };
  }
}

export function batchIn({ batches }: RigWindow, id: string): BatchSnapshot | undefined {
  return batches.batches.find((each) => each.id === id);
}

export async function reaches(window: RigWindow, id: string, kind: BatchSnapshot['state']['kind']): Promise<void> {
  await until(`batch ${kind}`, () => batchIn(window, id)?.state.kind === kind);
}

/** What `files` shows once all that `putMany` puts is there. */
export function filesOfMany(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(manyKeys(count).map((key) => [key, `content of ${key}`]));
}

export function keyOf(url: string): string {
  return url.slice('memory://bucket/'.length);
}

function manyKeys(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => `f/${String(number).padStart(3, '0')}`);
}
