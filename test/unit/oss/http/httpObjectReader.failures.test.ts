import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { createHttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import type { HttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import { assertFails, directNetwork, readAll, serve, serveRaw } from '../support/answers.ts';
import type { LocalServer } from '../support/answers.ts';

const head = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n';

describe('HttpObjectReader: failed connections', () => {
  let reader: HttpObjectReader;
  let server: LocalServer | undefined;

  beforeEach(() => {
    reader = createHttpObjectReader(directNetwork);
  });
  afterEach(async () => {
    await reader.close();
    await server?.close();
    server = undefined;
  });

  const raw = async (answer: (socket: Socket) => void): Promise<string> => {
    server = await serveRaw(answer);
    return `${server.origin}/k`;
  };
  const waiting = (
    request: { url: string; stallTimeoutMs?: number },
    signal: AbortSignal,
    onChunk: (chunk: Uint8Array) => void | Promise<void> = () => undefined,
  ): Promise<void> =>
    reader.read({ stallTimeoutMs: 5000, ...request }, { onResponse: () => undefined, onChunk }, signal);

  for (const [what, sent] of [
    ['before the head', ''],
    ['within the head', 'HTTP/1.1 200 O'],
    ['after the head', head],
    ['within the body', `${head}0123`],
  ] as const) {
    it(`reports a connection that is closed ${what} as interrupted`, async () => {
      const url = await raw((socket) => socket.end(sent));
      await assertFails(readAll(reader, { url }), 'network/interrupted', true);
    });

    it(`reports a connection that is reset ${what} as interrupted`, async () => {
      const url = await raw((socket) => {
        socket.write(sent, () => socket.resetAndDestroy());
      });
      await assertFails(readAll(reader, { url }), 'network/interrupted', true);
    });

    it(`reports a server that falls silent ${what} as stalled`, async () => {
      const url = await raw((socket) => {
        socket.write(sent);
      });
      const error = await assertFails(readAll(reader, { url, stallTimeoutMs: 100 }), 'network/stalled', true);
      assert.match(error.message, /no byte for 0\.1 s: http:/);
    });

    it(`stops at once when it is aborted ${what}`, async () => {
      const controller = new AbortController();
      const url = await raw((socket) => {
        socket.write(sent);
        controller.abort(new Error('enough'));
      });
      await assert.rejects(waiting({ url }, controller.signal), /enough/);
    });
  }

  it('does not report a stall while bytes arrive, however slowly', async () => {
    const url = await raw((socket) => {
      socket.write(head);
      let sent = 0;
      const timer = setInterval(() => {
        socket.write('x');
        if (++sent === 10) {
          clearInterval(timer);
        }
      }, 200);
      socket.on('close', () => clearInterval(timer));
    });
    assert.equal((await readAll(reader, { url, stallTimeoutMs: 1500 })).bytes.length, 10);
  });

  it('reports an unfinished chunked body as interrupted', async () => {
    const url = await raw((socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n'));
    await assertFails(readAll(reader, { url }), 'network/interrupted', true);
  });

  it('reports a response that is not HTTP as unexpected', async () => {
    const url = await raw((socket) => socket.end('220 mail.example ESMTP\r\n'));
    await assertFails(readAll(reader, { url }), 'server/unexpectedAnswer', true);
  });

  it('reports a refused connection', async () => {
    server = await serve(() => undefined);
    const url = `${server.origin}/k`;
    await server.close();
    server = undefined;
    await assertFails(readAll(reader, { url }), 'network/unreachable', true);
  });

  it('reports a name that does not resolve', async () => {
    const error = await assertFails(
      readAll(reader, { url: 'http://no-such-host.invalid/k' }),
      'network/nameNotResolved',
      true,
    );
    assert.equal(error.details.subject, 'http://no-such-host.invalid/k');
  });

  it('a signal that was aborted before causes only its own error', async () => {
    await assert.rejects(waiting({ url: 'http://127.0.0.1:9/k' }, AbortSignal.abort(new Error('never'))), /never/);
  });

  it('a slow sink holds the server back, which is not reported as a stall', async () => {
    const total = 64 * 1024 * 1024;
    let written = 0;
    server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': total });
      const block = Buffer.alloc(256 * 1024);
      const more = (): void => {
        while (written < total && !response.destroyed) {
          written += block.length;
          if (!response.write(block)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    let received = 0;
    let releaseFirst: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      releaseFirst = resolve;
    });
    const done = waiting({ url: `${server.origin}/k`, stallTimeoutMs: 1000 }, new AbortController().signal, (chunk) => {
      received += chunk.length;
      return first;
    });
    const settled = done.then(
      () => 'done',
      (error: unknown) => error,
    );
    assert.equal(
      await Promise.race([
        settled,
        new Promise((resolve) => {
          setTimeout(resolve, 2500, 'held');
        }),
      ]),
      'held',
    );
    const receivedWhileHeld = received;
    assert(receivedWhileHeld <= 64 * 1024, `one chunk at most: ${receivedWhileHeld}`);
    assert(written < total / 2, `the server could send ${written} bytes`);
    releaseFirst();
    assert.equal(await settled, 'done');
    assert.equal(received, total);
  });

  it('an error of the sink fails the read, and nothing is delivered after it', async () => {
    server = await serve((_request, response) => response.writeHead(200).end(Buffer.alloc(4 * 1024 * 1024)));
    let chunks = 0;
    const full = new Error('the disk is full');
    const onChunk = (): Promise<void> => {
      chunks++;
      return Promise.reject(full);
    };
    await assert.rejects(waiting({ url: `${server.origin}/k` }, new AbortController().signal, onChunk), full);
    assert.equal(chunks, 1);
  });

  for (const [what, sent] of [
    ['its own length', head],
    ['the connection', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n'],
  ] as const) {
    it(`waits for the last chunk to be written if the body ends with ${what}`, async () => {
      const url = await raw((socket) => socket.end(`${sent}0123456789`));
      let written = 0;
      await waiting({ url }, new AbortController().signal, async (chunk) => {
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
        written += chunk.length;
      });
      assert.equal(written, 10);
      const full = new Error('the disk is full');
      const failing = async (): Promise<void> => {
        await new Promise((resolve) => {
          setTimeout(resolve, 50);
        });
        throw full;
      };
      await assert.rejects(waiting({ url }, new AbortController().signal, failing), full);
    });
  }

  it('an abort stops the read at once while a chunk is being written', async () => {
    server = await serve((_request, response) => response.writeHead(200).end(Buffer.alloc(4 * 1024 * 1024)));
    const controller = new AbortController();
    const onChunk = (): Promise<void> => {
      setImmediate(() => controller.abort(new Error('enough')));
      return new Promise(() => undefined);
    };
    await assert.rejects(waiting({ url: `${server.origin}/k` }, controller.signal, onChunk), /enough/);
  });

  it('closing the reader fails active reads as interrupted', async () => {
    const url = await raw((socket) => {
      socket.write(`${head}0123`);
    });
    const closed = waiting({ url }, new AbortController().signal, () => void reader.close());
    await assertFails(closed, 'network/interrupted', true);
  });
});
