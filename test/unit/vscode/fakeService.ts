import { AppError } from '../../../src/base/errors.ts';
import { Emitter } from '../../../src/base/emitter.ts';
import type { DownloadService } from '../../../src/download/downloadService.ts';
import type { DownloadRequest, DownloadSnapshot } from '../../../src/download/model.ts';
import type { FileVerdict } from '../../../src/download/verifyFile.ts';

/** An engine in memory: files that are "there" refuse to be written without `overwrite`. */
export class FakeService implements DownloadService {
  readonly added: DownloadRequest[] = [];
  readonly files: Set<string>;
  readonly changed = new Emitter<DownloadSnapshot>();
  readonly removed = new Emitter<string>();
  readonly onDidChange = this.changed.event;
  readonly onDidRemove = this.removed.event;
  downloads: readonly DownloadSnapshot[] = [];
  ready: Promise<void> = Promise.resolve();
  ended = false;

  constructor(files: readonly string[] = []) {
    this.files = new Set(files);
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

  setLimits(): void {
    // no limits here
  }

  setNetwork(): void {
    // no network here
  }

  shutdown(): Promise<void> {
    this.ended = true;
    return Promise.resolve();
  }
}
