import assert from 'node:assert/strict';
import { createServer as createRawServer } from 'node:net';
import type { Socket } from 'node:net';
import { setImmediate as nextRound } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import fc from 'fast-check';
import { Agent } from 'undici';
import type { Dispatcher } from 'undici';
import { borrowingConnector } from '../../../../src/oss/http/receiveBuffer.ts';
import type { ReceiveSizes } from '../../../../src/oss/http/receiveBuffer.ts';
import { listen } from '../support/answers.ts';
import type { LocalServer } from '../support/answers.ts';
import { selfSignedCertificate } from '../support/selfSigned.ts';

/** How one object is sent and read. */
interface Exchange {
  readonly bodyBytes: number;
  readonly isChunked: boolean;
  /** The response is written in pieces of these sizes, repeatedly. */
  readonly pieces: readonly number[];
  /** The reader pauses the socket after every this many chunks. */
  readonly holdEvery: number;
  /** Length of a pause, in turns of the event loop. */
  readonly holdRounds: number;
  /** The server closes the connection after the last byte without announcing it. */
  readonly hangsUp: boolean;
}

const exchange: fc.Arbitrary<Exchange> = fc.record({
  bodyBytes: fc.oneof(fc.nat(100), fc.nat(100_000), fc.nat(2_000_000)),
  isChunked: fc.boolean(),
  pieces: fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 70_000 })), {
    minLength: 1,
    maxLength: 6,
  }),
  holdEvery: fc.integer({ min: 1, max: 5 }),
  holdRounds: fc.nat(20),
  hangsUp: fc.boolean(),
});

/** The period divides no buffer size, so that misplaced bytes are wrong bytes. */
const content = Buffer.from(
  Array.from({ length: 2_000_000 }, (_, index) => (index % 251) ^ (Math.floor(index / 251) % 241)),
);
const long = 'h'.repeat(9000);

/** Methods that undici requires of every handler. */
const ignoring: Dispatcher.DispatchHandler = {
  onRequestStart: () => undefined,
  onResponseStart: () => undefined,
  onResponseData: () => undefined,
  onResponseEnd: () => undefined,
  onResponseError: () => undefined,
};

const sizes: readonly [string, ReceiveSizes | undefined][] = [
  ['one buffer of the usual size', undefined],
  // almost no reserve: bytes that arrive after the socket was paused do not fit
  ['a buffer that is too small', { memoryBytes: 60_000, handOverBytes: 20_000, reserveBytes: 1000 }],
];

for (const scheme of ['http', 'https'] as const) {
  for (const [buffer, receiveSizes] of sizes) {
    describe(`receiving over ${scheme} with ${buffer}`, () => {
      let agent: Agent;
      let server: LocalServer;
      let sockets: Set<Socket>;
      let onRequest: (socket: Socket, path: string) => Promise<void>;

      beforeEach(async () => {
        const { cert, key } = selfSignedCertificate();
        sockets = new Set();
        const connected = (socket: Socket): void => {
          sockets.add(socket);
          socket.on('close', () => sockets.delete(socket));
          socket.on('error', () => undefined);
          socket.on(
            'data',
            (request) => void onRequest(socket, /GET (\S+)/.exec(request.toString('latin1'))?.[1] ?? ''),
          );
        };
        server = await listen(
          scheme === 'http' ? createRawServer(connected) : createTlsServer({ cert, key }, connected),
          scheme,
        );
        agent = new Agent({
          connect: borrowingConnector({ rejectUnauthorized: false, allowH2: false }, receiveSizes),
          connections: 1,
        });
      });
      afterEach(async () => {
        await agent.destroy();
        for (const socket of sockets) socket.destroy();
        await server.close();
      });

      it('all bytes arrive in order, however they are sent and read', async () => {
        await fc.assert(
          fc.asyncProperty(fc.array(exchange, { minLength: 1, maxLength: 4 }), async (list) => {
            onRequest = (socket, path) => send(socket, list[Number(path.slice(1))]);
            for (const [index, each] of list.entries()) {
              await take(agent, `${server.origin}/${index}`, each);
              while (each.hangsUp && sockets.size > 0) await nextRound();
            }
          }),
          { numRuns: 30 },
        );
      });

      it('the server holds the bytes back while the reader is paused', async () => {
        const wholeBytes = 64 * content.length;
        onRequest = async (socket) => {
          socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${wholeBytes}\r\n\r\n`);
          for (let at = 0; at < wholeBytes && !socket.destroyed; at += content.length) {
            if (!socket.write(content)) await drained(socket);
          }
        };
        let receivedBytes = 0;
        const held = new Promise<Dispatcher.DispatchController>((resolve) => {
          agent.dispatch(
            { origin: server.origin, path: '/', method: 'GET' },
            {
              ...ignoring,
              onResponseData: (controller, chunk) => {
                receivedBytes += chunk.length;
                controller.pause();
                resolve(controller);
              },
            },
          );
        });
        const controller = await held;
        const [socket] = sockets;
        assert(socket !== undefined);
        let sentBytes = -1;
        while (sentBytes < socket.bytesWritten) {
          sentBytes = socket.bytesWritten;
          await rounds(200);
        }
        assert(
          sentBytes < wholeBytes / 2,
          `${sentBytes} of ${wholeBytes} bytes were sent, of which ${receivedBytes} were taken`,
        );
        controller.abort(new Error('enough'));
      });
    });
  }
}

async function send(socket: Socket, sent: Exchange | undefined): Promise<void> {
  assert(sent !== undefined, 'a request for something else');
  const body = content.subarray(0, sent.bodyBytes);
  const framing = sent.isChunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`;
  const head = `HTTP/1.1 200 OK\r\nx-first: first\r\n${framing}\r\nx-long: ${long}\r\nx-last: last\r\n\r\n`;
  const answer = Buffer.concat([Buffer.from(head), ...(sent.isChunked ? inChunks(body) : [body])]);
  for (let at = 0, turn = 0; at < answer.length; turn += 1) {
    // small pieces first, to split the head; a whole object in such pieces would take too long
    const piece = turn < 500 ? (sent.pieces[turn % sent.pieces.length] ?? 1) : 60_000;
    if (!socket.write(answer.subarray(at, at + piece))) await drained(socket);
    else if (turn % 3 === 0) await nextRound();
    at += piece;
  }
  if (sent.hangsUp) socket.end();
}

/** Small enough for several to arrive with one read. */
function inChunks(body: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; at += 5000) {
    const chunk = body.subarray(at, at + 5000);
    chunks.push(Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n'));
  }
  return [...chunks, Buffer.from('0\r\n\r\n')];
}

async function drained(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const go = (): void => {
      socket.off('drain', go).off('close', go);
      resolve();
    };
    socket.on('drain', go).on('close', go);
  });
}

/** Fails if the received bytes differ from the sent ones. */
async function take(agent: Agent, url: string, { bodyBytes, holdEvery, holdRounds, hangsUp }: Exchange): Promise<void> {
  const { origin, pathname } = new URL(url);
  let at = 0;
  let chunks = 0;
  await new Promise<void>((resolve, reject) => {
    agent.dispatch(
      { origin, path: pathname, method: 'GET' },
      {
        ...ignoring,
        onResponseStart: (_controller, _status, headers) => {
          assert.deepEqual([headers['x-first'], headers['x-long'], headers['x-last']], ['first', long, 'last']);
        },
        onResponseData: (controller, chunk) => {
          assert(
            content.subarray(at, at + chunk.length).equals(chunk),
            `other bytes than were sent between ${at} and ${at + chunk.length}`,
          );
          at += chunk.length;
          chunks += 1;
          if (chunks % holdEvery === 0 && chunks < 200) {
            controller.pause();
            void rounds(holdRounds).then(() => controller.resume());
          }
        },
        onResponseEnd: () => resolve(),
        // undici does not see the end of an answer that it was told to hold back before the connection has ended, too
        onResponseError: (_controller, error) => (hangsUp && at === bodyBytes ? resolve() : reject(error)),
      },
    );
  });
  assert.equal(at, bodyBytes);
}

async function rounds(count: number): Promise<void> {
  for (let round = 0; round < count; round += 1) await nextRound();
}
