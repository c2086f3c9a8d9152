import { request } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export interface RawRequest {
  readonly method?: string;
  /** Sent as it stands. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly signal?: AbortSignal;
  /** Told how many bytes of the body have arrived so far. */
  readonly onProgress?: (bytes: number) => void;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** What arrived before the end or the break. */
  readonly body: Buffer;
  /** Error code of a connection that broke before the body was complete. */
  readonly broken: string | undefined;
}

/** One HTTP request over a connection of its own, with the path untouched. @throws when no head arrives */
export function send(
  port: number,
  { method = 'GET', path, headers = {}, body, signal, onProgress }: RawRequest,
): Promise<RawResponse> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, method, path, headers, agent: false, ...(signal === undefined ? {} : { signal }) },
      (response) => {
        resolve(collect(response, onProgress));
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}

async function collect(response: IncomingMessage, onProgress?: (bytes: number) => void): Promise<RawResponse> {
  const chunks: Buffer[] = [];
  let broken: string | undefined;
  let received = 0;
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    received += chunk.length;
    onProgress?.(received);
  });
  await new Promise<void>((resolve) => {
    response.once('error', (error: NodeJS.ErrnoException) => {
      broken = error.code ?? error.message;
    });
    response.once('close', resolve);
  });
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks), broken };
}
