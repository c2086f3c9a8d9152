import type { ObjectContent } from '../objects/objectContent.ts';

/** What is sent after the headers. `content` beyond the object's end is zeros: only a fault asks for that. */
export type ReplyBody =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'content'; readonly content: ObjectContent; readonly start: number; readonly end: number };

export interface Reply {
  readonly status: number;
  /** Without `Content-Length` the body is sent in chunks. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReplyBody;
}

export function bodyLength(body: ReplyBody): number {
  return body.kind === 'bytes' ? body.bytes.length : body.end - body.start;
}

/** Fills `target` with the body's bytes from `offset` on. */
export function readBody(body: ReplyBody, offset: number, target: Buffer): void {
  if (body.kind === 'bytes') {
    body.bytes.copy(target, 0, offset, offset + target.length);
    return;
  }
  const start = body.start + offset;
  const there = Math.max(0, Math.min(target.length, body.content.sizeBytes - start));
  body.content.read(start, target.subarray(0, there));
  target.fill(0, there);
}

/** A reply of text, with its length. */
export function textReply(
  status: number,
  contentType: string,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  const bytes = Buffer.from(text, 'utf8');
  return {
    status,
    headers: { 'Content-Type': contentType, 'Content-Length': String(bytes.length), ...headers },
    body: { kind: 'bytes', bytes },
  };
}

export function xmlReply(xml: string): Reply {
  return textReply(200, 'application/xml', xml);
}

export function emptyReply(status: number, headers: Readonly<Record<string, string>> = {}): Reply {
  // 204 and 304 carry no length of their own
  const length = status === 204 || status === 304 ? {} : { 'Content-Length': '0' };
  return { status, headers: { ...length, ...headers }, body: { kind: 'bytes', bytes: Buffer.alloc(0) } };
}
