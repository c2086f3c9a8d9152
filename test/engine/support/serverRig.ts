import { join } from 'node:path';
import { delay } from '../../../src/base/abort.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { Bandwidth } from '../../../src/download/transfer/bandwidth.ts';
import { BlockPool } from '../../../src/download/transfer/blockPool.ts';
import { CheckpointStore } from '../../../src/download/checkpoint/checkpointStore.ts';
import { newHeader } from '../../../src/download/checkpoint/checkpointHeader.ts';
import { ConnectionBudget } from '../../../src/download/transfer/connectionBudget.ts';
import { createCrc64 } from '../../../src/download/transfer/crc64.ts';
import { runDownload, StopRequest } from '../../../src/download/transfer/runDownload.ts';
import type { Outcome } from '../../../src/download/transfer/runDownload.ts';
import { noKeptUrls } from '../../../src/download/transfer/urlProvider.ts';
import { LeaseFolder } from '../../../src/download/windows/lease.ts';
import type { DownloadRequest, DownloadSource, KnownObject, TransferLimits } from '../../../src/download/model.ts';
import type { DownloadObserver, EngineDeps } from '../../../src/download/transfer/transfer.ts';
import { createHttpObjectReader } from '../../../src/oss/http/httpObjectReader.ts';
import type { HttpObjectReader } from '../../../src/oss/http/httpObjectReader.ts';
import type { ObjectRef } from '../../../src/oss/model.ts';
import type { UrlSigner } from '../../../src/oss/objectLister.ts';
import { startOssServer } from '../../server/ossServer.ts';
import type { OssServer } from '../../server/ossServer.ts';
import type { ServerSettings } from '../../server/settings.ts';
import { until } from '../../support/poll.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import type { TempFolder } from '../../support/tempFolder.ts';

const crc64 = createCrc64();

/** The engine with its real HTTP reader, against the local server in this process. Waits are 20 times shorter. */
export class ServerRig {
  readonly folder: TempFolder = tempFolder();
  readonly server: OssServer;
  readonly reader: HttpObjectReader = createHttpObjectReader({ noProxy: [], strictTls: true, extraCertificates: [] });
  readonly deps: EngineDeps;
  readonly log: string[] = [];
  limits: TransferLimits = {
    maxConnections: 4,
    concurrentDownloads: 3,
    partSizeBytes: 256 * 1024,
    retries: 4,
    stallTimeoutMs: 300,
  };
  signed = 0;

  private readonly ownsServer: boolean;

  private constructor(server: OssServer, signer?: UrlSigner) {
    this.server = server;
    this.ownsServer = signer === undefined;
    const clock = { ...systemClock, delay: (ms: number, signal: AbortSignal) => delay(ms / 20, signal) };
    this.deps = {
      reader: this.reader,
      keptUrls: noKeptUrls,
      signer: signer ?? {
        signGet: (object) => {
          this.signed += 1;
          return Promise.resolve({ url: this.urlOf(object), expiresAtMs: Number.MAX_SAFE_INTEGER });
        },
      },
      store: new CheckpointStore(join(this.folder.path, 'storage'), this.logger(), 10),
      leases: new LeaseFolder(join(this.folder.path, 'leases'), systemClock),
      budget: new ConnectionBudget(this.limits.maxConnections, systemClock),
      blocks: new BlockPool(),
      bandwidth: new Bandwidth(systemClock, () => this.limits.bytesPerSecond ?? 0),
      crc64,
      clock,
      random: Math.random,
      limits: () => this.limits,
      logger: this.logger(),
    };
  }

  static async start(settings: Partial<ServerSettings> = {}): Promise<ServerRig> {
    return new ServerRig(
      await startOssServer({
        ...settings,
        buckets: { pub: { acl: 'public-read' }, versioned: { acl: 'public-read', versioning: 'Enabled' } },
      }),
    );
  }

  /** The engine beside a server that the caller started and ends, with URLs from elsewhere. */
  static beside(server: OssServer, signer: UrlSigner): ServerRig {
    return new ServerRig(server, signer);
  }

  async stop(): Promise<void> {
    await this.reader.close();
    if (this.ownsServer) {
      await this.server.close();
    }
    this.folder.remove();
  }

  /** Each request is signed with another query, as a fresh signature would be. */
  urlOf({ bucket, key, versionId }: ObjectRef): string {
    const version = versionId === undefined ? '' : `&versionId=${encodeURIComponent(versionId)}`;
    return `${this.server.url}/${bucket}/${encodeURIComponent(key)}?signed=${this.signed}${version}`;
  }

  request(key: string, more: Partial<DownloadRequest> & { readonly bucket?: string } = {}): DownloadRequest {
    const { bucket = 'pub', ...rest } = more;
    const source: DownloadSource = { kind: 'oss', object: { profile: 'test', bucket, key } };
    return { source, path: join(this.folder.path, 'out', 'file'), overwrite: false, ...rest };
  }

  /** What a listing says of the object just now. */
  known(key: string, bucket = 'pub'): KnownObject {
    const object = this.server.store.bucket(bucket).current(key);
    if (object?.kind !== 'object') {
      throw new Error(`no object ${key}`);
    }
    return { sizeBytes: object.content.sizeBytes, etag: object.etag };
  }

  async run(
    id: string,
    request: DownloadRequest,
    signal: AbortSignal = new AbortController().signal,
    observer: Partial<DownloadObserver> = {},
  ): Promise<Outcome> {
    const url = request.source.kind === 'url' ? { url: request.source.url } : {};
    const silent = { onPhase: () => undefined, onSize: () => undefined, onBytes: () => undefined };
    return runDownload(
      { header: newHeader(id, 0, request), isNew: false, ...url },
      this.deps,
      { ...silent, ...observer },
      signal,
    );
  }

  /** Runs a session and stops it once so many bytes have arrived. */
  async runUntil(
    bytes: number,
    id: string,
    request: DownloadRequest,
    how: StopRequest['stop'] = 'pause',
  ): Promise<void> {
    const stop = new AbortController();
    let arrived = 0;
    const outcome = await this.run(id, request, stop.signal, {
      onBytes: (count) => {
        arrived += count;
        if (arrived >= bytes) {
          stop.abort(new StopRequest(how));
        }
      },
    });
    if (outcome.kind !== 'stopped') {
      throw new Error(`ended before it could be stopped: ${JSON.stringify(outcome)}\n${this.log.join('\n')}`);
    }
  }

  /** Body bytes that the server has sent for an object. */
  sentBytes(key: string, bucket = 'pub'): number {
    return this.server.requests.of(bucket, key, 'GET').reduce((sum, request) => sum + request.bodyBytes, 0);
  }

  /** Resolves when the server has noticed the end of every request. */
  async settled(): Promise<void> {
    await until('all requests have ended', () =>
      this.server.requests.entries.every((request) => request.outcome !== 'open'),
    );
  }

  private logger(): EngineDeps['logger'] {
    return { log: (level, message) => void this.log.push(`${level} ${message}`) };
  }
}
