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
/** A proxy that accepts the connection and then says nothing to CONNECT is given up after this long. */
const proxyAnswerTimeoutMs = 30_000;
/** Per host. The engine budgets its own connections, far below this; it only stops a defect from opening thousands. */
const maxConnectionsPerHost = 256;

/** The one HTTP stack of a thread: what it dispatches through right now, remade when the settings change. */
export interface DispatcherHolder {
  /**
   * Made when first asked for. Not to be kept: ask before each request.
   * @throws AppError `network/unreachable` for a proxy that is no URL, `network/certificate` for a CA file that cannot
   * be used
   */
  current(): Dispatcher;
  /** Requests under way end on the old dispatcher; it closes after the last of them. */
  setNetwork(network: NetworkSettings): void;
  /** Ends every connection; requests under way fail with `network/interrupted`. */
  close(): Promise<void>;
}

/**
 * `borrowed` chunks are valid only until the handler that gets them returns, and cost far less; `own` ones may be kept.
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
 * An undici dispatcher after the user's settings. Its own header and body timeouts are off:
 * who reads watches for bytes and knows when it is itself that does not read.
 */
export function createDispatcher(network: NetworkSettings, chunks: Chunks): Dispatcher {
  const connect = {
    secureContext: secureContextFor(network),
    rejectUnauthorized: network.strictTls,
    timeout: connectTimeoutMs,
    // Over HTTP/2 all parts would share one connection and its one window: parallel parts would gain nothing.
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
    // An empty text means no proxy; absent, undici would read the environment by rules of its own.
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
 * Node's certificates, the system's and the user's. One context per set of certificates:
 * parsing some hundred certificates for each connection would cost tens of milliseconds every time.
 * @throws AppError `network/certificate` for a CA file that cannot be used
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

// `getCACertificates` came with Node 22.15; VS Code's oldest supported host has it, an older server might not.
const readCertificates = getCACertificates as typeof getCACertificates | undefined;

function nodeCertificates(): readonly string[] {
  return readCertificates === undefined ? rootCertificates : readCertificates('default');
}

function systemCertificates(): readonly string[] {
  try {
    return readCertificates?.('system') ?? [];
  } catch {
    // A broken system store must not take away the certificates that Node brings.
    return [];
  }
}
