import { AppError } from '../../base/errors.ts';
import { redact } from '../../base/redact.ts';
import type { NetworkSettings } from '../networkSettings.ts';

/** Setting or variable that names a proxy. */
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
  /** Hosts to reach without a proxy. */
  readonly noProxy: readonly string[];
}

/** Hosts that VS Code's own clients never send through a proxy. */
const neverProxied = ['localhost', '127.0.0.1', '::1'];

/**
 * Resolves the proxies for http and https from the settings, or from the environment where they say so.
 * @throws AppError `network/unreachable` for an invalid proxy URL; the message names the setting
 */
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

/** Resolves the proxy of requests to `origin`; undefined: none. @throws AppError as `proxiesOf` */
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
 * Matches an entry of `NO_PROXY` as undici does: `*`, a host, `.host` or `*.host` for all its subdomains, each with or
 * without a port.
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

/** Parses a proxy setting; like in other programs, `host:3128` means `http://host:3128`. */
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
