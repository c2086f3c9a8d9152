import { defined } from '../../base/defined.ts';
import { request as httpRequest } from 'node:http';
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { lookup } from 'node:dns/promises';
import { connect as connectTls } from 'node:tls';
import type { PeerCertificate, SecureContext } from 'node:tls';
import { raceAbort } from '../../base/abort.ts';
import type { Certificate } from './diagnosis.ts';

const connectTimeoutMs = 10_000;

/** Resolves the addresses of a host. @throws errors of the resolver */
export async function resolveHost(host: string, signal: AbortSignal): Promise<readonly string[]> {
  const found = await raceAbort(lookup(host, { all: true }), signal);
  return found.map(({ address }) => address);
}

/** Opens and closes a TCP connection. @returns its duration in milliseconds @throws errors of the socket */
export async function tryConnection(host: string, port: number, signal: AbortSignal): Promise<number> {
  const startMs = performance.now();
  const socket = connectTcp({ host, port });
  try {
    await settled(socket, 'connect', signal);
    return Math.round(performance.now() - startMs);
  } finally {
    socket.destroy();
  }
}

/** Reads the certificate of a host, trusted or not, without sending a request. @throws errors of the sockets */
export async function readCertificate(
  host: string,
  port: number,
  trust: SecureContext,
  proxy: Tunnel | undefined,
  signal: AbortSignal,
): Promise<Certificate> {
  const through = proxy === undefined ? undefined : await openTunnel(proxy, host, port, signal);
  const socket = connectTls({
    host,
    port,
    secureContext: trust,
    rejectUnauthorized: false,
    ...defined({ socket: through }),
    ...(isIP(host) === 0 ? { servername: host } : {}),
  });
  try {
    await settled(socket, 'secureConnect', signal);
    const problem = socket.authorized ? undefined : String(socket.authorizationError);
    const { subject, issuer, valid_to: validTo } = socket.getPeerCertificate();
    return {
      subject: nameOf(subject),
      issuer: nameOf(issuer),
      validToMs: Date.parse(validTo),
      ...defined({ problem }),
    };
  } finally {
    socket.destroy();
    through?.destroy();
  }
}

/** A proxy and its credentials. */
export interface Tunnel {
  readonly url: string;
  /** `Proxy-Authorization`. Secret. */
  readonly authorization?: string;
  readonly trust: SecureContext;
  readonly isChecked: boolean;
}

async function openTunnel(
  { url, authorization, trust, isChecked }: Tunnel,
  host: string,
  port: number,
  signal: AbortSignal,
): Promise<Socket> {
  const { protocol, hostname, port: proxyPort, username, password } = new URL(url);
  const own =
    username === ''
      ? undefined
      : `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  const credentials = authorization ?? own;
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const options = {
    host: hostname.replace(/^\[|\]$/g, ''),
    method: 'CONNECT',
    path: authority,
    agent: false as const,
    signal,
    timeout: connectTimeoutMs,
    headers: { host: authority, ...defined({ 'proxy-authorization': credentials }) },
  };
  const request =
    protocol === 'https:'
      ? httpRequest({
          ...options,
          createConnection: () =>
            connectTls({
              host: options.host,
              port: Number(proxyPort || '443'),
              secureContext: trust,
              rejectUnauthorized: isChecked,
              ...(isIP(options.host) === 0 ? { servername: options.host } : {}),
            }),
        })
      : httpRequest({ ...options, port: Number(proxyPort || '80') });
  return new Promise<Socket>((resolve, reject) => {
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) {
        resolve(socket);
      } else {
        socket.destroy();
        reject(new Error(`Proxy response (${response.statusCode ?? 0}) !== 200 when HTTP Tunneling`));
      }
    });
    request.once('timeout', () => request.destroy(timedOut()));
    request.once('error', reject);
    request.end();
  });
}

async function settled(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  const done = new Promise<void>((resolve, reject) => {
    socket.setTimeout(connectTimeoutMs, () => reject(timedOut()));
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })));
  });
  await raceAbort(done, signal);
}

function timedOut(): Error {
  return Object.assign(new Error('no connection in time'), { code: 'ETIMEDOUT' });
}

/** Formats common name and organization on one line and bounded: the text is untrusted. */
function nameOf(name: PeerCertificate['subject'] | undefined): string {
  const text = [name?.CN, name?.O]
    .flat()
    .filter((part) => part !== undefined && part !== '')
    .join(', ');
  return text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').slice(0, 120);
}
