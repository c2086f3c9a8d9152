import type { DownloadSource, KnownObject } from '../../../src/download/model.ts';
import type { OssServer } from '../../server/ossServer.ts';
import { differenceFrom } from '../support/compareFile.ts';

/** How a server treats what is asked of it, and so what an engine can know. */
export type Origin = 'oss' | 'oss, versioned' | 'honours If-Range' | 'ignores If-Range';

export const origins: readonly Origin[] = ['oss', 'oss, versioned', 'honours If-Range', 'ignores If-Range'];

interface Content {
  readonly seed: number;
  readonly sizeBytes: number;
}

/** An object that changes while it is downloaded; whatever it held may end up in the file, but nothing else. */
export class SoakObject {
  readonly origin: Origin;
  readonly key: string;
  isThere = true;
  private readonly server: OssServer;
  private readonly bucketName: string;
  private contents: Content[] = [];

  constructor(origin: Origin, server: OssServer, key: string, content: Content) {
    this.origin = origin;
    this.server = server;
    this.key = key;
    this.bucketName = origin === 'oss, versioned' ? 'versioned' : 'pub';
    this.put(content);
  }

  get sizeBytes(): number {
    return this.contents.at(-1)?.sizeBytes ?? 0;
  }

  /** Whether the server says a CRC-64, so that even wrong bytes of the right number are found out. */
  get hasCrc(): boolean {
    return this.origin === 'oss' || this.origin === 'oss, versioned';
  }

  put(content: Content): void {
    this.bucket.put(this.key, content);
    this.contents.push(content);
    this.isThere = true;
  }

  /** As an appendable object does: the same bytes, and more. */
  grow(bytes: number): void {
    const { seed = 0, sizeBytes = 0 } = this.contents.at(-1) ?? {};
    this.bucket.append(this.key, seed, sizeBytes + bytes);
    this.contents.push({ seed, sizeBytes: sizeBytes + bytes });
  }

  /** Gone, until `comeBack`. */
  remove(): void {
    this.bucket.remove(this.key);
    this.isThere = false;
  }

  /** There again, as it was last. */
  comeBack(): void {
    const last = this.contents.at(-1);
    if (!this.isThere && last !== undefined) {
      this.bucket.put(this.key, last);
      this.isThere = true;
    }
  }

  /** Gone for good: nobody downloads it any more. */
  forget(): void {
    this.bucket.remove(this.key);
    this.contents = [];
  }

  /** @param secret puts a query on a plain URL, which makes it one that only the user can complete */
  source(secret: boolean): DownloadSource {
    return this.hasCrc
      ? { kind: 'oss', object: { profile: 'soak', bucket: this.bucketName, key: this.key } }
      : { kind: 'url', url: this.url(secret) };
  }

  url(secret: boolean): string {
    const query = secret ? `?token=${Math.random().toString(36).slice(2)}` : '';
    return `${this.server.url}/${this.bucketName}/${this.key}${query}`;
  }

  /** What a listing says just now. */
  known(): KnownObject | undefined {
    const current = this.bucket.current(this.key);
    return current?.kind === 'object' ? { sizeBytes: current.content.sizeBytes, etag: current.etag } : undefined;
  }

  /** @returns undefined where the file is one of the versions; else how it differs from each */
  async difference(path: string): Promise<string | undefined> {
    const differences: string[] = [];
    for (const { seed, sizeBytes } of this.contents) {
      const difference = await differenceFrom(path, seed, sizeBytes);
      if (difference === undefined) {
        return undefined;
      }
      differences.push(`seed ${seed}: ${difference}`);
    }
    return differences.join('; ');
  }

  private get bucket(): ReturnType<OssServer['store']['bucket']> {
    return this.server.store.bucket(this.bucketName);
  }
}
