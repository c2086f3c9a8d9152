import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultAction } from './faults.ts';
import { bodyLength, readBody } from './reply.ts';
import type { Reply } from './reply.ts';

/** What the sender needs of the server. */
export interface DeliveryPort {
  /** Resolves at once, or when the network is there again. */
  untilNetwork(signal: AbortSignal): Promise<void>;
  /** Bytes a second right now; 0: no limit. */
  bytesPerSecond(): number;
  /** Told after each piece that the socket has taken. */
  onSent(bytes: number): void;
  restart(downMs: number): void;
}

/** How a body ended: all of it, cut or abandoned by the script, or the client left. */
export type DeliveryEnd = 'complete' | 'cut' | 'clientLeft';

type Ending = Extract<FaultAction, { kind: 'cut' | 'stall' | 'restart' }>;

const fullPieceBytes = 1024 * 1024;

/**
 * Sends head and body at the given rate, and ends as the script says. Two buffers take turns:
 * one is filled while the kernel takes the other, so memory does not grow with the body.
 *
 * @param signal aborted when the client or the server closes the connection
 */
export async function deliver(
  response: ServerResponse,
  reply: Reply,
  actions: readonly FaultAction[],
  port: DeliveryPort,
  signal: AbortSignal,
): Promise<DeliveryEnd> {
  const total = response.req.method === 'HEAD' ? 0 : bodyLength(reply.body);
  const ending = actions.find(
    (action): action is Ending => action.kind === 'cut' || action.kind === 'stall' || action.kind === 'restart',
  );
  const limit = ending === undefined ? total : resolveBytes(ending.afterBytes, total);
  response.writeHead(reply.status, reply.headers);
  try {
    await sendBody(response, reply, limit, actions, port, signal);
    if (ending === undefined || limit === total) {
      response.end();
      return 'complete';
    }
    response.flushHeaders();
    await end(response, ending, port, signal);
    return 'cut';
  } catch (error) {
    // A write fails before the connection counts as closed.
    if (signal.aborted || response.socket?.destroyed !== false) {
      return 'clientLeft';
    }
    throw error;
  }
}

function resolveBytes(afterBytes: number, total: number): number {
  return Math.max(0, Math.min(total, afterBytes < 0 ? total + afterBytes : afterBytes));
}

async function sendBody(
  response: ServerResponse,
  reply: Reply,
  limit: number,
  actions: readonly FaultAction[],
  port: DeliveryPort,
  signal: AbortSignal,
): Promise<void> {
  const buffers: Buffer[] = [];
  let inFlight: Promise<void> = Promise.resolve();
  let dueMs = performance.now();
  for (let sent = 0, turn = 0; sent < limit; turn++) {
    await port.untilNetwork(signal);
    const rate = port.bytesPerSecond();
    const length = Math.min(limit - sent, pieceBytes(rate));
    const buffer = pick(buffers, turn % 2, length);
    readBody(reply.body, sent, buffer);
    flip(buffer, sent, actions);
    await inFlight;
    if (rate > 0) {
      dueMs = Math.max(performance.now(), dueMs) + (length * 1000) / rate;
      await sleep(Math.max(0, dueMs - performance.now()), undefined, { signal });
    }
    inFlight = write(response, buffer, port, signal);
    sent += length;
  }
  await inFlight;
}

/** A twentieth of a second's worth, so that a slow connection is slow evenly. */
function pieceBytes(rate: number): number {
  return rate === 0 ? fullPieceBytes : Math.max(1, Math.min(fullPieceBytes, Math.floor(rate / 20)));
}

function pick(buffers: Buffer[], index: number, length: number): Buffer {
  let buffer = buffers[index];
  if (buffer === undefined || buffer.length < length) {
    buffer = Buffer.allocUnsafeSlow(length);
    buffers[index] = buffer;
  }
  return buffer.subarray(0, length);
}

function flip(buffer: Buffer, offset: number, actions: readonly FaultAction[]): void {
  for (const action of actions) {
    if (action.kind === 'wrongBytes') {
      const from = Math.max(0, action.atByte - offset);
      const to = Math.min(buffer.length, action.atByte + (action.count ?? 1) - offset);
      for (let i = from; i < to; i++) {
        buffer[i] = buffer[i]! ^ 0xff;
      }
    }
  }
}

function write(response: ServerResponse, buffer: Buffer, port: DeliveryPort, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = (): void => reject(new Error('the connection closed'));
    signal.addEventListener('abort', leave, { once: true });
    response.write(buffer, (error) => {
      signal.removeEventListener('abort', leave);
      if (error) {
        reject(error);
        return;
      }
      port.onSent(buffer.length);
      resolve();
    });
  });
}

async function end(response: ServerResponse, ending: Ending, port: DeliveryPort, signal: AbortSignal): Promise<void> {
  switch (ending.kind) {
    case 'cut':
      hangUp(response, ending.how ?? 'close');
      return;
    case 'restart':
      port.restart(ending.downMs);
      return;
    case 'stall':
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  }
}

/** Ends the connection in order after what was written (FIN), or at once with RST. */
export function hangUp(response: ServerResponse, how: 'close' | 'reset'): void {
  if (how === 'reset') {
    response.socket?.resetAndDestroy();
  } else {
    response.socket?.destroySoon();
  }
}
