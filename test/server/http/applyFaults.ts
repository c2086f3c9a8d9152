import { gzipReply } from '../objects/getObject.ts';
import { OssError } from './ossError.ts';
import type { FaultAction, ThrottleCode } from './faults.ts';
import { bodyLength, emptyReply, textReply } from './reply.ts';
import type { Reply } from './reply.ts';
import { splitTarget } from './requestTarget.ts';

/** Sends another status instead of what was asked; the request is not even looked at. @throws OssError */
export function replacement(actions: readonly FaultAction[], rawTarget: string): Reply | undefined {
  for (const action of actions) {
    switch (action.kind) {
      case 'error':
        throw new OssError(
          action.status,
          action.code,
          action.ec,
          action.message ?? 'As the fault script says.',
          action.endpoint === undefined ? [] : [['Endpoint', action.endpoint]],
          action.headers,
        );
      case 'throttle':
        throw throttled(action.status ?? 503, action.code, action.delayMs);
      case 'redirect':
        return emptyReply(action.status ?? 302, {
          Location: action.location.replace('{query}', splitTarget(rawTarget).rawQuery),
        });
      case 'errorPage':
        return textReply(
          200,
          'text/html',
          '<html><head><title>Sign in to the network</title></head><body>Please sign in.</body></html>',
        );
      default:
    }
  }
  return undefined;
}

function throttled(status: 503 | 429, code: ThrottleCode | undefined, delayMs: number | undefined): OssError {
  const headers = delayMs === undefined ? undefined : { 'x-oss-qos-delay-time': String(delayMs) };
  const fallback = status === 429 ? 'QpsLimitExceeded' : 'DownloadTrafficRateLimitExceeded';
  return new OssError(status, code ?? fallback, undefined, 'Please reduce your request rate.', [], headers);
}

/** Makes the reply lie, action by action. */
export function distort(reply: Reply, actions: readonly FaultAction[]): Reply {
  return actions.reduce(distortOnce, reply);
}

function distortOnce(reply: Reply, action: FaultAction): Reply {
  switch (action.kind) {
    case 'otherRange':
      return shifted(reply, action.shiftBytes);
    case 'otherTotal':
      return withHeaders(reply, {
        'Content-Range':
          (reply.headers['Content-Range'] ?? '').replace(
            /\/(\d+)$/,
            (_, total: string) => `/${Number(total) + action.deltaBytes}`,
          ) || null,
      });
    case 'otherEtag':
      return withHeaders(reply, { ETag: action.etag ?? '"0123456789ABCDEF0123456789ABCDEF"' });
    case 'noContentRange':
      return withHeaders(reply, { 'Content-Range': null });
    case 'wrongLength':
      return resized(reply, action.deltaBytes, action.framing ?? 'length');
    case 'gzip':
      return gzipReply(reply);
    case 'headers':
      return withHeaders(reply, action.headers);
    default:
      // the others act before the answer is made or while it is sent
      return reply;
  }
}

/** Header names are compared without case; null leaves one out. */
function withHeaders(reply: Reply, changes: Readonly<Record<string, string | null>>): Reply {
  const changed = new Set(Object.keys(changes).map((name) => name.toLowerCase()));
  const kept = Object.entries(reply.headers).filter(([name]) => !changed.has(name.toLowerCase()));
  const added = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== null);
  return { ...reply, headers: Object.fromEntries([...kept, ...added]) };
}

function shifted(reply: Reply, shiftBytes: number): Reply {
  if (reply.body.kind !== 'content' || reply.status !== 206) {
    return reply;
  }
  const { content } = reply.body;
  const length = bodyLength(reply.body);
  const start = Math.max(0, Math.min(content.sizeBytes - length, reply.body.start + shiftBytes));
  return withHeaders(
    { ...reply, body: { ...reply.body, start, end: start + length } },
    { 'Content-Range': `bytes ${start}-${start + length - 1}/${content.sizeBytes}` },
  );
}

function resized(reply: Reply, deltaBytes: number, framing: 'length' | 'chunked'): Reply {
  const length = Math.max(0, bodyLength(reply.body) + deltaBytes);
  const body =
    reply.body.kind === 'content'
      ? { ...reply.body, end: reply.body.start + length }
      : { ...reply.body, bytes: Buffer.concat([reply.body.bytes, Buffer.alloc(Math.max(0, deltaBytes))], length) };
  return withHeaders({ ...reply, body }, { 'Content-Length': framing === 'length' ? String(length) : null });
}
