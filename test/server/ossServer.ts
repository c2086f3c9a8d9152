import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerControl, isControl } from './control.ts';
import { exchange } from './http/exchange.ts';
import { FaultScript } from './http/faults.ts';
import { Network } from './http/network.ts';
import { ObjectStore } from './objects/objectStore.ts';
import type { BucketOptions } from './objects/objectStore.ts';
import { RequestLog } from './http/requestLog.ts';
import { defaultSettings } from './settings.ts';
import type { ServerSettings } from './settings.ts';

export interface OssServerOptions extends Partial<ServerSettings> {
  /** Default 0: any free one. Always on 127.0.0.1. */
  readonly port?: number;
  /** Empty buckets to begin with. */
  readonly buckets?: Readonly<Record<string, BucketOptions>>;
  /** Milliseconds since the epoch; default the real clock. `settings.clockOffsetMs` is added. */
  readonly now?: () => number;
}

/** A running local OSS server. */
export interface OssServer {
  /** `http://127.0.0.1:PORT`, the same for the server's whole life. */
  readonly url: string;
  readonly port: number;
  readonly store: ObjectStore;
  readonly settings: ServerSettings;
  readonly faults: FaultScript;
  readonly requests: RequestLog;
  readonly network: Network;
  /** The server's clock, offset included. */
  now(): number;
  /** Goes away: connections are cut, new ones refused. Objects, faults and log stay. */
  stop(): Promise<void>;
  /** Comes back on the same port. */
  start(): Promise<void>;
  /** Goes away and comes back after so many milliseconds, by itself. */
  restart(downMs: number): void;
  /** Ends it for good. */
  close(): Promise<void>;
}

/** Starts a server on 127.0.0.1. @see README.md in this folder */
export async function startOssServer(options: OssServerOptions = {}): Promise<OssServer> {
  const { port = 0, ...rest } = options;
  const server = new LocalOssServer(rest);
  await server.listen(port);
  return server;
}

/** The listening socket and its connections come and go; the state stays. */
class LocalOssServer implements OssServer {
  readonly store: ObjectStore;
  readonly settings: ServerSettings;
  readonly faults = new FaultScript();
  readonly requests = new RequestLog();
  readonly network = new Network();
  readonly now: () => number;
  port = 0;
  #http: Server | undefined;
  #connections = 0;
  #comeBack: NodeJS.Timeout | undefined;
  #closed = false;

  constructor({ buckets = {}, now: clock = Date.now, ...overrides }: Omit<OssServerOptions, 'port'>) {
    this.settings = { ...defaultSettings(), ...overrides };
    this.now = () => clock() + this.settings.clockOffsetMs;
    this.store = new ObjectStore(this.settings.region, this.now);
    for (const [name, bucketOptions] of Object.entries(buckets)) {
      this.store.addBucket(name, bucketOptions);
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  start(): Promise<void> {
    return this.listen(this.port);
  }

  async listen(port: number): Promise<void> {
    if (this.#http !== undefined || this.#closed) {
      return;
    }
    const numbers = new WeakMap<Socket, number>();
    const http = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) =>
      this.#answer(request, response, numbers.get(request.socket) ?? 0),
    );
    http.on('connection', (socket) => numbers.set(socket, ++this.#connections));
    await new Promise<void>((resolve, reject) => {
      http.once('error', (error) =>
        reject(new Error(`cannot listen on 127.0.0.1:${port}: choose another port`, { cause: error })),
      );
      http.listen(port, '127.0.0.1', resolve);
    });
    this.#http = http;
    const address = http.address();
    if (address !== null && typeof address === 'object') {
      this.port = address.port;
    }
  }

  async stop(): Promise<void> {
    clearTimeout(this.#comeBack);
    const http = this.#http;
    if (http === undefined) {
      return;
    }
    this.#http = undefined;
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    http.closeAllConnections();
    await closed;
  }

  close(): Promise<void> {
    this.#closed = true;
    return this.stop();
  }

  restart(downMs: number): void {
    void this.stop().then(() => {
      this.#comeBack = setTimeout(() => void this.start(), downMs);
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse, connection: number): void {
    const answered = isControl(request)
      ? answerControl(request, response, this)
      : exchange(request, response, connection, this);
    answered.catch((error: unknown) => {
      // a defect of this server: say it where the test's author sees it, and break the connection
      console.error(error);
      response.destroy();
    });
  }
}
