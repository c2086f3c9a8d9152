import { AppError } from '../../../../src/base/errors.ts';
import { Emitter } from '../../../../src/base/emitter.ts';
import type { BatchRequest, BatchSnapshot, BatchReport } from '../../../../src/download/batchModel.ts';
import type { BatchService } from '../../../../src/download/batchService.ts';
import type { DownloadService, EngineListener } from '../../../../src/download/downloadService.ts';
import type { DownloadRequest, DownloadSnapshot, FileVerdict } from '../../../../src/download/model.ts';

/** Batches in memory; every call is kept in `calls`. */
export class FakeBatches implements BatchService {
  all: readonly BatchSnapshot[] = [];
  readonly calls: string[] = [];
  readonly requests: BatchRequest[] = [];
  readonly changed = new Emitter<BatchSnapshot>();
  readonly removed = new Emitter<string>();

  add(request: BatchRequest): Promise<string> {
    this.requests.push(request);
    return Promise.resolve('batch');
  }

  pause(id: string): Promise<void> {
    return this.note('pause', id);
  }

  resume(id: string): Promise<void> {
    return this.note('resume', id);
  }

  cancel(id: string): Promise<void> {
    return this.note('cancel', id);
  }

  remove(id: string): Promise<void> {
    return this.note('remove', id);
  }

  report(id: string): Promise<BatchReport> {
    return Promise.reject(new AppError('download/notFound', id));
  }

  private note(call: string, id: string): Promise<void> {
    this.calls.push(`${call} ${id}`);
    return Promise.resolve();
  }
}

/** An engine in memory: files that are "there" refuse to be written without `overwrite`. */
export class FakeService implements DownloadService {
  readonly added: DownloadRequest[] = [];
  readonly files: Set<string>;
  readonly changed = new Emitter<DownloadSnapshot>();
  readonly removed = new Emitter<string>();
  readonly died = new Emitter<undefined>();
  readonly batches = new FakeBatches();
  downloads: readonly DownloadSnapshot[] = [];
  ready: Promise<void> = Promise.resolve();
  ended = false;

  constructor(files: readonly string[] = []) {
    this.files = new Set(files);
  }

  /** Reports to `listener` from now on, beginning with `downloads` and `batches.all`. */
  start(listener: EngineListener): this {
    this.changed.event((download) => listener.changed([download]));
    this.removed.event((id) => listener.removed([id]));
    this.batches.changed.event((batch) => listener.batchChanged(batch));
    this.batches.removed.event((id) => listener.batchRemoved(id));
    this.died.event(() => listener.ended());
    this.ready.then(
      () => listener.ready({ downloads: this.downloads, batches: this.batches.all }),
      () => listener.ended(),
    );
    return this;
  }

  add(request: DownloadRequest): Promise<string> {
    if (this.files.has(request.path) && !request.overwrite) {
      return Promise.reject(new AppError('disk/targetExists', 'there'));
    }
    this.added.push(request);
    this.files.add(request.path);
    return Promise.resolve(String(this.added.length));
  }

  pause(): Promise<void> {
    return Promise.resolve();
  }

  resume(): Promise<void> {
    return Promise.resolve();
  }

  prioritize(): Promise<void> {
    return Promise.resolve();
  }

  restart(): Promise<void> {
    return Promise.resolve();
  }

  replaceUrl(): Promise<void> {
    return Promise.resolve();
  }

  cancel(): Promise<void> {
    return Promise.resolve();
  }

  remove(): Promise<void> {
    return Promise.resolve();
  }

  verify(): Promise<FileVerdict> {
    return Promise.resolve('intact');
  }

  read(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array());
  }

  setLimits(): void {
    // no limits here
  }

  setNetwork(): void {
    // no network here
  }

  shutdown(): Promise<void> {
    this.ended = true;
    this.died.fire(undefined);
    return Promise.resolve();
  }
}
