import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { distort, replacement } from './applyFaults.ts';
import { authenticate } from '../signing/authenticate.ts';
import { deliver, hangUp } from './deliver.ts';
import type { DeliveryEnd } from './deliver.ts';
import type { FaultAction, FaultScript } from './faults.ts';
import type { Network } from './network.ts';
import { applyChange } from '../objects/objectChange.ts';
import type { ObjectStore } from '../objects/objectStore.ts';
import { errorXml, OssError } from './ossError.ts';
import { textReply } from './reply.ts';
import type { Reply } from './reply.ts';
import type { LoggedRequest, RequestLog } from './requestLog.ts';
import { readAll } from './readAll.ts';
import { parseTarget, splitTarget } from './requestTarget.ts';
import type { RequestTarget } from './requestTarget.ts';
import { route, trafficLimit } from './router.ts';
import type { ServerSettings } from '../settings.ts';

/** The parts of a server that answering a request needs. */
export interface ExchangePort {
  readonly store: ObjectStore;
  readonly settings: ServerSettings;
  readonly faults: FaultScript;
  readonly requests: RequestLog;
  readonly network: Network;
  now(): number;
  restart(downMs: number): void;
}

/** Answers one request, from its head to the last byte or the cut. */
export async function exchange(
  message: IncomingMessage,
  response: ServerResponse,
  connection: number,
  port: ExchangePort,
): Promise<void> {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  const requestId = randomBytes(12).toString('hex').toUpperCase();
  const headers = headersOf(message);
  const rawTarget = message.url ?? '/';
  const target = readTarget(rawTarget, headers['host'] ?? '', port.settings);
  const known = target instanceof OssError ? undefined : target;
  const actions = port.faults.take({
    method: message.method ?? '',
    bucket: known?.bucket,
    key: known?.key,
    rangeHeader: headers['range'],
  });
  const entry: LoggedRequest = {
    requestId,
    atMs: port.now(),
    connection,
    method: message.method ?? '',
    target: rawTarget,
    host: headers['host'] ?? '',
    bucket: known?.bucket,
    key: known?.key,
    range: headers['range'],
    headers,
    faults: actions.map((action) => action.kind),
    status: 0,
    bodyBytes: 0,
    outcome: 'open',
  };
  port.requests.add(entry);
  try {
    entry.outcome = await answer(
      message,
      response,
      { target, headers, requestId, actions, entry, rawTarget },
      port,
      closed.signal,
    );
  } catch (error) {
    entry.outcome = 'clientLeft';
    if (!closed.signal.aborted) {
      throw error;
    }
  }
}

interface Incoming {
  readonly target: RequestTarget | OssError;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string;
  readonly actions: readonly FaultAction[];
  readonly entry: LoggedRequest;
  readonly rawTarget: string;
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  incoming: Incoming,
  port: ExchangePort,
  signal: AbortSignal,
): Promise<DeliveryEnd> {
  const { actions, entry } = incoming;
  const body = await readAll(message);
  await port.network.until(signal);
  const waitMs = actions.reduce(
    (sum, action) => sum + (action.kind === 'delay' ? action.ms : 0),
    port.settings.latencyMs,
  );
  if (waitMs > 0) {
    await sleep(waitMs, undefined, { signal });
  }
  const drop = actions.find((action) => action.kind === 'drop');
  if (drop !== undefined) {
    hangUp(response, drop.how ?? 'close');
    return 'cut';
  }
  const reply = makeReply(message, incoming, body, port);
  entry.status = reply.status;
  const rates = actions.flatMap((action) => (action.kind === 'rate' ? [action.bytesPerSecond] : []));
  const limit = incoming.target instanceof OssError ? undefined : trafficLimit(incoming.headers, incoming.target.query);
  const ownRates = limit === undefined ? rates : [...rates, Number(limit) / 8];
  return await deliver(
    response,
    reply,
    actions,
    {
      untilNetwork: (inner) => port.network.until(inner),
      bytesPerSecond: () => lowest([...ownRates, port.settings.bytesPerSecond]),
      onSent: (bytes) => {
        entry.bodyBytes += bytes;
      },
      restart: (downMs) => port.restart(downMs),
    },
    signal,
  );
}

/** The reply with the headers that every one has; errors become their XML, or `x-oss-err` where there is no body. */
function makeReply(message: IncomingMessage, incoming: Incoming, body: Buffer, port: ExchangePort): Reply {
  const { requestId, actions } = incoming;
  const date = { Date: new Date(port.now()).toUTCString() };
  try {
    const reply = replacement(actions, incoming.rawTarget) ?? routed(message, incoming, body, port);
    const headers =
      port.settings.dialect === 'plain'
        ? date
        : { Server: 'AliyunOSS', ...date, 'x-oss-request-id': requestId, 'x-oss-server-time': '1' };
    return distort({ ...reply, headers: { ...headers, ...reply.headers } }, actions);
  } catch (error) {
    if (!(error instanceof OssError)) {
      throw error;
    }
    return distort(errorReply(error, message, incoming, port, date), actions);
  }
}

function routed(message: IncomingMessage, incoming: Incoming, body: Buffer, port: ExchangePort): Reply {
  if (incoming.target instanceof OssError) {
    throw incoming.target;
  }
  const { target } = incoming;
  const { settings, store } = port;
  for (const action of incoming.actions) {
    if (action.kind === 'change') {
      applyChange(store, action.change);
    }
  }
  const headers = { ...incoming.headers };
  const method = message.method ?? '';
  const nowMs = port.now();
  const user =
    settings.dialect === 'plain'
      ? undefined
      : authenticate(
          { method, target, headers },
          { users: settings.users, nowMs, region: target.hostRegion ?? settings.region },
        );
  if (incoming.actions.some((action) => action.kind === 'ignoreRange')) {
    delete headers['range'];
  }
  return route({ method, target, headers, body, user, store, settings, nowMs });
}

function errorReply(
  error: OssError,
  message: IncomingMessage,
  incoming: Incoming,
  port: ExchangePort,
  date: Readonly<Record<string, string>>,
): Reply {
  if (port.settings.dialect === 'plain') {
    return textReply(error.status, 'text/plain', `${error.status} ${error.code}\n`, {
      ...date,
      ...(error.status === 416 ? { 'Content-Range': `bytes */${String(error.elements[0]?.[1])}` } : {}),
    });
  }
  const host = incoming.headers['host'] ?? '';
  const xml = errorXml(error, incoming.requestId, host.replace(/:\d+$/, ''));
  const hasBody = message.method !== 'HEAD';
  return textReply(error.status, 'application/xml', hasBody ? xml : '', {
    Server: 'AliyunOSS',
    ...date,
    'x-oss-request-id': incoming.requestId,
    'x-oss-server-time': '1',
    ...(error.ec === undefined ? {} : { 'x-oss-ec': error.ec }),
    ...(hasBody ? {} : { 'x-oss-err': Buffer.from(xml, 'utf8').toString('base64') }),
    ...error.headers,
  });
}

function readTarget(raw: string, host: string, settings: ServerSettings): RequestTarget | OssError {
  try {
    return parseTarget(raw, host, settings);
  } catch (error) {
    if (error instanceof OssError) {
      return error;
    }
    throw new Error(`cannot read the request target: ${splitTarget(raw).rawPath}`, { cause: error });
  }
}

function headersOf(message: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(message.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}

function lowest(rates: readonly number[]): number {
  const limits = rates.filter((rate) => rate > 0);
  return limits.length === 0 ? 0 : Math.min(...limits);
}
