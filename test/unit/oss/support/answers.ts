import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import { createServer as createRawServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { AppError } from '../../../../src/base/errors.ts';
import type { ErrorCode } from '../../../../src/base/errors.ts';
import type { NetworkSettings } from '../../../../src/oss/networkSettings.ts';
import type { ObjectReader, ReadRequest, ReadResponse } from '../../../../src/oss/objectReader.ts';

export const directNetwork: NetworkSettings = { noProxy: [], strictTls: true, extraCertificates: [] };

/** A server on a free port of the loopback; what a test opened it also closes. */
export interface LocalServer {
  readonly port: number;
  readonly origin: string;
  close(): Promise<void>;
}

export async function serve(listener: RequestListener): Promise<LocalServer> {
  const server = createServer(listener);
  const local = await listen(server, 'http');
  return {
    ...local,
    close: () => {
      server.closeAllConnections();
      return local.close();
    },
  };
}

/** A server that answers every connection's first bytes with what the test writes to the socket. */
export async function serveRaw(answer: (socket: Socket, request: string) => void): Promise<LocalServer> {
  const sockets = new Set<Socket>();
  const server = createRawServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => answer(socket, bytes.toString('latin1')));
  });
  const local = await listen(server, 'http');
  return {
    ...local,
    close: () => {
      sockets.forEach((socket) => socket.destroy());
      return local.close();
    },
  };
}

export async function listen(server: Server, scheme: string): Promise<LocalServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    origin: `${scheme}://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
      }),
  };
}

export interface Received {
  readonly response: ReadResponse | undefined;
  readonly bytes: Buffer;
}

/** Reads all of an answer. What was delivered before a failure is lost here; tests of that bring their own sink. */
export async function readAll(
  reader: ObjectReader,
  request: Partial<ReadRequest> & { readonly url: string },
): Promise<Received> {
  const chunks: Uint8Array[] = [];
  let response: ReadResponse | undefined;
  const sink = {
    onResponse: (got: ReadResponse): void => {
      response = got;
    },
    onChunk: (chunk: Uint8Array): void => {
      chunks.push(Uint8Array.from(chunk));
    },
  };
  await reader.read({ stallTimeoutMs: 5000, ...request }, sink, new AbortController().signal);
  return { response, bytes: Buffer.concat(chunks) };
}

/** The `AppError` that a promise is rejected with; anything else fails the test. */
export async function rejection(promise: Promise<unknown>): Promise<AppError> {
  const outcome = await promise.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  assert(outcome instanceof AppError, `expected an AppError, got: ${String(outcome)}`);
  return outcome;
}

export async function assertFails(promise: Promise<unknown>, code: ErrorCode, retryable: boolean): Promise<AppError> {
  const error = await rejection(promise);
  assert.deepEqual({ code: error.code, retryable: error.retryable }, { code, retryable }, error.message);
  return error;
}
