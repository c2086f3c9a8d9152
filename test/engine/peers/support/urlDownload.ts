import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../../../scripts/support/waitFor.ts';
import type { DownloadSnapshot } from '../../../../src/download/model.ts';
import { partPathOf } from '../../../../src/download/files/partPath.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import type { TempFolder } from '../../../support/tempFolder.ts';
import { EngineProcess } from '../../support/engineProcess.ts';

const mebibyte = 1024 * 1024;
export const connections = 2;

/** One download of a plain URL, over the lives of several engine processes. */
export class UrlDownload {
  readonly folder: TempFolder = tempFolder();
  readonly target = join(this.folder.path, 'target', 'a.bin');
  /** What all processes logged. */
  readonly log: string[] = [];
  private readonly url: string;
  private engine: EngineProcess | undefined;
  private id = '';

  constructor(url: string) {
    this.url = url;
  }

  /** Starts an engine and the download, of parts of 1 MiB. */
  async begin(): Promise<void> {
    await this.open();
    this.id = await this.process.add({ source: { kind: 'url', url: this.url }, path: this.target, overwrite: false });
  }

  /** Starts an engine, and goes on with what an earlier one left. */
  async reopen(): Promise<void> {
    await this.open();
    await this.process.resume(this.id);
  }

  /** Goes on after a pause, in the same process. */
  async resume(): Promise<void> {
    await this.process.resume(this.id);
  }

  async pause(): Promise<void> {
    await this.process.call({ type: 'pause', id: this.id });
  }

  async kill(): Promise<void> {
    await this.process.kill();
  }

  get now(): DownloadSnapshot | undefined {
    return this.process.downloads.get(this.id);
  }

  /** Waits until so many bytes have come. */
  async arrived(bytes: number): Promise<void> {
    await waitFor(`${bytes} bytes to arrive`, () => (this.now?.bytesDone ?? 0) >= bytes, { limitMs: 20_000 });
  }

  /** Waits until it has stopped for good. @returns `completed`, or the code of the failure */
  async outcome(): Promise<string> {
    const state = await waitFor(
      `the download to end, ${this.log.slice(-5).join('; ')}`,
      () => {
        const current = this.now?.state;
        return current?.kind === 'completed' || current?.kind === 'failed' ? current : undefined;
      },
      { limitMs: 30_000 },
    );
    return state.kind === 'failed' ? state.error.code : state.kind;
  }

  /** The finished file, and a proof that nothing else is left beside it. */
  file(): Buffer {
    if (existsSync(partPathOf(this.target))) {
      throw new Error('the unfinished file is still there');
    }
    return readFileSync(this.target);
  }

  async end(): Promise<void> {
    await this.engine?.kill();
    this.folder.remove();
  }

  private get process(): EngineProcess {
    if (this.engine === undefined) {
      throw new Error('no engine runs');
    }
    return this.engine;
  }

  private async open(): Promise<void> {
    this.engine = EngineProcess.spawn({
      storagePath: join(this.folder.path, 'storage'),
      limits: {
        maxConnections: connections,
        concurrentDownloads: 1,
        partSizeBytes: mebibyte,
        retries: 3,
        stallTimeoutMs: 5000,
      },
      origin: 'http://127.0.0.1:9',
    });
    this.engine.onLog = (line) => this.log.push(line);
    await this.engine.ready;
  }
}
