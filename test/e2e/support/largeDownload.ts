import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { waitFor } from '../../../scripts/support/waitFor.ts';
import { differenceFrom } from '../../engine/support/compareFile.ts';
import type { OssServer } from '../../server/ossServer.ts';
import type { Editor } from './editor.ts';

/** One of the large objects of the sample bucket. */
export interface LargeObject {
  readonly name: string;
  readonly seed: number;
  readonly sizeBytes: number;
  /** As VS Code shows it. */
  readonly size: string;
}

export const hundredMebibytes: LargeObject = {
  name: 'hundred-mebibytes.bin',
  seed: 2,
  sizeBytes: 100 * 1024 ** 2,
  size: '100 MB',
};
export const oneGibibyte: LargeObject = { name: 'one-gibibyte.bin', seed: 1, sizeBytes: 1024 ** 3, size: '1 GB' };

/** Settings that let downloads go to `~/downloads` without a question. */
export const withoutAsking = {
  'ossDownloader.download.directory': '~/downloads',
  'ossDownloader.download.askDestination': false,
};

/**
 * So few that a large object is asked for piece by piece, and takes a while from a slow server. And what waits in the
 * sockets' buffers, which the server counts as sent, stays a small part of it.
 */
export const fewConnections = { 'ossDownloader.transfer.maxConnections': 4 };
export const unhurried = { ...withoutAsking, ...fewConnections };

/** A download of a large object into `~/downloads`: its file, and what the server had to send for it. */
export class LargeDownload {
  readonly object: LargeObject;
  readonly #oss: OssServer;
  readonly #editor: Editor;

  constructor(object: LargeObject, oss: OssServer, editor: Editor) {
    this.object = object;
    this.#oss = oss;
    this.#editor = editor;
  }

  get file(): string {
    return path.join(this.#editor.homeFolder, 'downloads', this.object.name);
  }

  get partFile(): string {
    return `${this.file}.ossdownload`;
  }

  /** Starts it from the palette. */
  async start(): Promise<void> {
    const { workbench } = this.#editor;
    await workbench.runCommand('OSS: Download');
    await workbench.quickInput.answer(
      'Choose an object, or type oss://bucket/key',
      `oss://sample-large/${this.object.name}`,
    );
  }

  /** Waits until the server has sent so many bytes. */
  async waitForBytes(bytes: number): Promise<void> {
    await waitFor(`${bytes} bytes of ${this.object.name}`, () => this.bytesSent() >= bytes, {
      limitMs: 60_000,
      everyMs: 10,
    });
  }

  /** Waits for the end; the file must be the object, byte for byte. */
  async waitForEnd(limitMs = 60_000): Promise<void> {
    await this.#editor.workbench.notifications.waitFor(
      `Downloaded ${this.object.name} (${this.object.size}).`,
      limitMs,
    );
    assert.equal(await differenceFrom(this.file, this.object.seed, this.object.sizeBytes), undefined);
    assert(!existsSync(this.partFile));
  }

  /** What the server has sent of it, by its own log. */
  bytesSent(): number {
    return this.#oss.requests
      .of('sample-large', this.object.name, 'GET')
      .reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
  }

  /** Which part of the object was sent more than once: 0.1 is 10 %. */
  sentTwice(): number {
    return (this.bytesSent() - this.object.sizeBytes) / this.object.sizeBytes;
  }
}
