import { defined } from '../../base/defined.ts';
import { createSecureContext, getCACertificates, rootCertificates } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { Agent, EnvHttpProxyAgent, Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { certificatesIn } from './caFile.ts';
import type { NetworkSettings } from '../networkSettings.ts';
import { proxiesOf } from './proxyRoute.ts';
import { borrowingConnector } from './receiveBuffer.ts';

const connectTimeoutMs = 10_000;
/** Time limit for a proxy to answer CONNECT after it accepted the connection. */
const proxyAnswerTimeoutMs = 30_000;
/** Per host; further requests wait. The engine's own budget is far below, so this only contains defects. */
const maxConnectionsPerHost = 256;

/** The HTTP stack of a thread: its current dispatcher, replaced when the settings change. */
export interface DispatcherHolder {
  /**
   * Returns the dispatcher for one request; created on first use. Callers must not keep it.
   * @throws AppError `network/unreachable` for an invalid proxy URL, `network/certificate` for an unusable CA file
   */
  current(): Dispatcher;
  /** Running requests finish on the old dispatcher, which closes after the last of them. */
  setNetwork(network: NetworkSettings): void;
  /** Closes all connections; running requests fail with `network/interrupted`. */
  close(): Promise<void>;
}

/**
 * `borrowed` chunks are valid only until their handler returns, and cost far less; `own` chunks may be kept.
 */
export type Chunks = 'own' | 'borrowed';

export function createDispatcherHolder(network: NetworkSettings, chunks: Chunks = 'own'): DispatcherHolder {
  let settings = network;
  let dispatcher: Dispatcher | undefined;
  const retiring = new Set<Dispatcher>();

  const retire = (old: Dispatcher): void => {
    retiring.add(old);
    const forget = (): void => void retiring.delete(old);
    old.close().then(forget, forget);
  };

  return {
    current: () => (dispatcher ??= createDispatcher(settings, chunks)),
    setNetwork(changed) {
      if (JSON.stringify(changed) === JSON.stringify(settings)) {
        return;
      }
      settings = changed;
      if (dispatcher !== undefined) {
        retire(dispatcher);
        dispatcher = undefined;
      }
    },
    async close() {
      const all = [...retiring, ...(dispatcher === undefined ? [] : [dispatcher])];
      dispatcher = undefined;
      retiring.clear();
      await Promise.all(all.map((each) => each.destroy()));
    },
  };
}

/**
 * Creates an undici dispatcher from the user's settings. Its header and body timeouts are off: the reader has its own
 * stall timeout, which does not count pauses of the reader itself.
 */
export function createDispatcher(network: NetworkSettings, chunks: Chunks): Dispatcher {
  const connect = {
    secureContext: secureContextFor(network),
    rejectUnauthorized: network.strictTls,
    timeout: connectTimeoutMs,
    // Over HTTP/2 all parts would share one connection and one flow-control window: parallel parts would gain nothing.
    allowH2: false,
  };
  const options = {
    connect: chunks === 'own' ? connect : borrowingConnector(connect),
    allowH2: false,
    connections: maxConnectionsPerHost,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 60_000,
  };
  const { http, https, noProxy } = proxiesOf(network);
  if (http.url === '' && https.url === '') {
    return new Agent(options);
  }
  return new EnvHttpProxyAgent({
    ...options,
    // An empty text means no proxy; if absent, undici would read the environment with its own rules.
    httpProxy: http.url,
    httpsProxy: https.url,
    noProxy: noProxy.join(','),
    ...defined({ token: network.proxyAuthorization }),
    requestTls: connect,
    proxyTls: connect,
    connectTimeout: connectTimeoutMs,
    clientFactory: (origin, poolOptions) =>
      new Pool(origin, { ...poolOptions, allowH2: false, headersTimeout: proxyAnswerTimeoutMs }),
  });
}

const trustCache = new Map<string, SecureContext>();

/**
 * Creates the TLS context that trusts Node's certificates, the system's and the user's. Cached per set of certificates:
 * parsing some hundred of them costs tens of milliseconds.
 * @throws AppError `network/certificate` for an unusable CA file
 */
export function secureContextFor({
  extraCertificates: given,
  caFile,
}: Pick<NetworkSettings, 'extraCertificates' | 'caFile'>): SecureContext {
  const extraCertificates = caFile === undefined ? given : [...given, ...certificatesIn(caFile)];
  const key = extraCertificates.join('\n');
  let context = trustCache.get(key);
  if (context === undefined) {
    context = createSecureContext({
      ca: [...new Set([...nodeCertificates(), ...systemCertificates(), ...extraCertificates])],
    });
    trustCache.set(key, context);
  }
  return context;
}

// `getCACertificates` exists since Node 22.15: VS Code's oldest supported host has it, an older server may not.
const readCertificates = getCACertificates as typeof getCACertificates | undefined;

function nodeCertificates(): readonly string[] {
  return readCertificates === undefined ? rootCertificates : readCertificates('default');
}

function systemCertificates(): readonly string[] {
  try {
    return readCertificates?.('system') ?? [];
  } catch {
    // A broken system store must not disable Node's own certificates.
    return [];
  }
}
