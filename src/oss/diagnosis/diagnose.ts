import { defined } from '../../base/defined.ts';
import type { Dispatcher } from 'undici';
import { raceAbort } from '../../base/abort.ts';
import { AppError, toErrorRecord } from '../../base/errors.ts';
import type { DispatcherHolder } from '../http/dispatcher.ts';
import { secureContextFor } from '../http/dispatcher.ts';
import type { RequestBase } from '../endpoint.ts';
import type { Credentials } from '../profile.ts';
import { headerValue } from '../headers.ts';
import type { BucketLocation } from '../model.ts';
import { fromNetworkFailure } from '../networkErrors.ts';
import type { NetworkSettings } from '../networkSettings.ts';
import type { Proxy } from '../http/proxyRoute.ts';
import { proxyFor } from '../http/proxyRoute.ts';
import { readCertificate, resolveHost, tryConnection } from './connect.ts';
import type { Check, Diagnosis, Finding } from './diagnosis.ts';

/** OSS rejects requests above this skew. */
const largestSkewMs = 15 * 60_000;
const answerTimeoutMs = 15_000;

/** Destination and credentials of a profile's requests. */
export interface DiagnosedTarget {
  readonly base: RequestBase;
  /** Undefined: anonymous. */
  readonly credentials: Credentials | undefined;
  readonly clockOffsetMs: number;
}

export interface DiagnosisSetup {
  /** Resolves the profile. */
  readonly target: (signal: AbortSignal) => Promise<DiagnosedTarget>;
  /** Sends one cheap signed request. */
  readonly tryCall: (signal: AbortSignal) => Promise<unknown>;
  /** Absent: the service itself. */
  readonly location?: BucketLocation;
  /** False: `tryCall` is skipped, because an anonymous profile can do nothing without a bucket. */
  readonly isCallable: boolean;
  readonly network: NetworkSettings;
  readonly dispatchers: DispatcherHolder;
}

/**
 * Checks each step of a request: key, route, name, connection, certificate, response, permission. Ends at the first
 * failure.
 * @throws `signal.reason` when aborted, nothing else
 */
export async function diagnose(setup: DiagnosisSetup, signal: AbortSignal): Promise<Diagnosis> {
  const findings: Finding[] = [];
  let check: Check = 'key';
  try {
    const target = await setup.target(signal);
    findings.push(keyFinding(target));
    const { origin } = target.base;
    check = 'route';
    const proxy = proxyFor(setup.network, origin);
    findings.push({
      check,
      origin,
      ...(proxy === undefined ? {} : { proxy: { origin: new URL(proxy.url).origin, setting: proxy.setting } }),
    });
    const hop = hostAndPort(proxy?.url ?? origin);
    check = 'name';
    findings.push({
      check,
      host: hop.host,
      addresses: await withHost(resolveHost(hop.host, signal), proxy?.url ?? origin),
    });
    check = 'connection';
    findings.push({
      check,
      ...hop,
      tookMs: await withHost(tryConnection(hop.host, hop.port, signal), proxy?.url ?? origin),
    });
    if (origin.startsWith('https:')) {
      check = 'certificate';
      findings.push(await withProxyErrors(proxy, certificateFinding(setup.network, origin, proxy, signal)));
    }
    check = 'answer';
    const answer = await withProxyErrors(proxy, firstAnswer(setup.dispatchers.current(), origin, signal));
    if (proxy !== undefined && !answer.isOss && (answer.status === 407 || answer.status === 401)) {
      throw refusedByProxy(proxy, `it answers ${answer.status} itself`);
    }
    findings.push(answer);
    if (!answer.isOss) {
      throw new AppError(
        'server/unexpectedAnswer',
        `something answered that is not OSS (${answer.status}): ${origin}`,
        { details: { subject: origin, status: answer.status } },
      );
    }
    if (
      target.credentials !== undefined &&
      target.clockOffsetMs === 0 &&
      Math.abs(answer.skewMs ?? 0) > largestSkewMs
    ) {
      throw new AppError(
        'auth/clockSkewed',
        `this machine's clock is ${Math.round((answer.skewMs ?? 0) / -1000)} s ahead of the server's: ${origin}`,
        { details: { subject: origin } },
      );
    }
    if (setup.isCallable) {
      check = 'permission';
      await setup.tryCall(signal);
      const { bucket, prefix } = setup.location ?? {};
      findings.push({ check, ...defined({ bucket, prefix }) });
    }
    return { findings };
  } catch (error) {
    signal.throwIfAborted();
    return { findings, failure: { check, error: toErrorRecord(error) } };
  }
}

/** Converts a refusal of the proxy, with or without a tunnel, to an error that names the proxy's setting. */
async function withProxyErrors<T>(proxy: Proxy | undefined, attempt: Promise<T>): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    const isRefusal =
      error instanceof AppError && /proxy (?:response \((?:407|401)\)|authentication)/i.test(error.message);
    throw proxy !== undefined && isRefusal ? refusedByProxy(proxy, error.message) : error;
  }
}

function refusedByProxy({ url, setting }: Proxy, how: string): AppError {
  const { origin } = new URL(url);
  return new AppError('network/unreachable', `the proxy wants other credentials (${how}): ${origin}`, {
    details: { subject: origin, proxy: { origin, setting } },
  });
}

function keyFinding({ credentials }: DiagnosedTarget): Finding {
  if (credentials === undefined) {
    return { check: 'key', isTemporary: false };
  }
  const { accessKeyId, securityToken, expiresAtMs } = credentials;
  return {
    check: 'key',
    keyId: masked(accessKeyId),
    isTemporary: securityToken !== undefined,
    ...defined({ expiresAtMs }),
  };
}

/** Shortens a key id; the rest suffices to tell keys apart. */
function masked(keyId: string): string {
  return keyId.length < 12 ? `${keyId.slice(0, 2)}…` : `${keyId.slice(0, 4)}…${keyId.slice(-4)}`;
}

async function certificateFinding(
  network: NetworkSettings,
  origin: string,
  proxy: Proxy | undefined,
  signal: AbortSignal,
): Promise<Finding> {
  const { host, port } = hostAndPort(origin);
  const trust = secureContextFor(network);
  const isChecked = network.strictTls;
  const { proxyAuthorization: authorization } = network;
  const tunnel = proxy === undefined ? undefined : { url: proxy.url, trust, isChecked, ...defined({ authorization }) };
  const certificate = await withHost(readCertificate(host, port, trust, tunnel, signal), origin);
  if (certificate.problem !== undefined && isChecked) {
    const { subject, issuer, problem } = certificate;
    throw new AppError(
      'network/certificate',
      `the certificate of "${subject}", issued by "${issuer}", is not trusted (${problem}): ${origin}`,
      { details: { subject: origin, certificate: { subject, issuer, problem } } },
    );
  }
  return { check: 'certificate', certificate, isChecked };
}

async function firstAnswer(
  dispatcher: Dispatcher,
  origin: string,
  signal: AbortSignal,
): Promise<Finding & { check: 'answer' }> {
  const { statusCode, headers, body } = await withHost(
    raceAbort(
      dispatcher.request({
        origin,
        path: '/',
        method: 'HEAD',
        headersTimeout: answerTimeoutMs,
        bodyTimeout: answerTimeoutMs,
        signal,
      }),
      signal,
    ),
    origin,
  );
  await body.dump();
  const skewMs = Date.parse(headerValue(headers, 'date') ?? '') - Date.now();
  return {
    check: 'answer',
    status: statusCode,
    isOss: headerValue(headers, 'x-oss-request-id') !== undefined,
    ...(Number.isNaN(skewMs) ? {} : { skewMs }),
  };
}

/** Converts a network failure to an `AppError` that names the origin of `url`. */
async function withHost<T>(attempt: Promise<T>, url: string): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    throw fromNetworkFailure(error, new URL(url).origin);
  }
}

function hostAndPort(url: string): { readonly host: string; readonly port: number } {
  const { protocol, hostname, port } = new URL(url);
  const standard = protocol === 'https:' ? 443 : protocol.startsWith('socks') ? 1080 : 80;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? standard : Number(port) };
}
