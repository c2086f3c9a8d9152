import { AppError } from '../../base/errors.ts';
import { redact } from '../../base/redact.ts';
import type { NetworkSettings } from '../networkSettings.ts';

/** Where a proxy was set. */
export type ProxySetting = 'http.proxy' | 'HTTP_PROXY' | 'HTTPS_PROXY';

export interface Proxy {
  /** Empty: none. May hold a user and a password. */
  readonly url: string;
  readonly setting: ProxySetting;
}

export interface Proxies {
  /** For http and https targets. */
  readonly http: Proxy;
  readonly https: Proxy;
  /** Hosts that are reached directly. */
  readonly noProxy: readonly string[];
}

/** VS Code's own clients never send these through a proxy. */
const neverProxied = ['localhost', '127.0.0.1', '::1'];

/** @throws AppError `network/unreachable` for a proxy that is no URL; the message says where it was set */
export function proxiesOf(
  { proxyUrl, useEnvironment, noProxy }: NetworkSettings,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Proxies {
  if (proxyUrl !== undefined) {
    const proxy = proxyAt(proxyUrl, 'http.proxy');
    return { http: proxy, https: proxy, noProxy: [...neverProxied, ...noProxy] };
  }
  const read = (name: string): string =>
    useEnvironment === true ? (environment[name.toLowerCase()] ?? environment[name] ?? '') : '';
  const http = proxyAt(read('HTTP_PROXY'), 'HTTP_PROXY');
  const https = proxyAt(read('HTTPS_PROXY'), 'HTTPS_PROXY');
  const excepted = read('NO_PROXY')
    .split(/[,\s]+/)
    .filter((host) => host !== '');
  return { http, https: https.url === '' ? http : https, noProxy: [...neverProxied, ...noProxy, ...excepted] };
}

/** The proxy that a request to `origin` goes through; undefined: none. @throws AppError as `proxiesOf` */
export function proxyFor(network: NetworkSettings, origin: string): Proxy | undefined {
  const { http, https, noProxy } = proxiesOf(network);
  const { protocol, hostname, port } = new URL(origin);
  const proxy = protocol === 'https:' ? https : http;
  const target = {
    host: hostname.replace(/^\[|\]$/g, '').toLowerCase(),
    port: port === '' ? (protocol === 'https:' ? '443' : '80') : port,
  };
  return proxy.url === '' || noProxy.some((entry) => isExcepted(target, entry)) ? undefined : proxy;
}

/**
 * The syntax of `NO_PROXY` as undici reads it: `*`, a host, `.host` or `*.host` for all below it, each with or without
 * a port.
 */
function isExcepted(target: { readonly host: string; readonly port: string }, entry: string): boolean {
  if (entry === '*') {
    return true;
  }
  const [, name = entry, port] = /^(.+):(\d+)$/.exec(entry) ?? [];
  const host = (entry === '::1' ? entry : name).toLowerCase();
  if (port !== undefined && entry !== '::1' && port !== target.port) {
    return false;
  }
  return /^[.*]/.test(host) ? target.host.endsWith(host.replace(/^\*/, '')) : target.host === host;
}

/** `host:3128` is `http://host:3128`, as other programs read these variables. */
function proxyAt(text: string, setting: ProxySetting): Proxy {
  const trimmed = text.trim();
  const url = trimmed === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `http://${trimmed}`;
  if (url !== '' && !/^(?:https?|socks5?):$/.test(URL.parse(url)?.protocol ?? '')) {
    const subject = redact(trimmed);
    throw new AppError(
      'network/unreachable',
      `the proxy in ${setting} is not given as http://host:port: ${JSON.stringify(subject)}`,
      { details: { subject } },
    );
  }
  return { url, setting };
}
