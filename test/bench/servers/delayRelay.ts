import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A long wire on 127.0.0.1. */
export interface DelayRelay {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Bytes that may be on the wire of one connection in one direction, as with TCP, whose sender waits for
 * acknowledgements: the most that Linux lets a send buffer grow to by default.
 */
export const windowBytes = 4 * 1024 * 1024;

/** Passes connections on to another port of 127.0.0.1; every byte is `oneWayMs` on its way, in either direction. */
export async function startDelayRelay(port: number, oneWayMs: number): Promise<DelayRelay> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.setNoDelay(true);
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      carry(socket, other, oneWayMs);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      open.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function carry(from: Socket, to: Socket, oneWayMs: number): void {
  let onWay = 0;
  from.on('data', (bytes) => {
    onWay += bytes.length;
    if (onWay >= windowBytes) {
      from.pause();
    }
    setTimeout(() => {
      // the acknowledgement comes as late as the bytes went
      to.write(bytes, () =>
        setTimeout(() => {
          onWay -= bytes.length;
          if (onWay < windowBytes) {
            from.resume();
          }
        }, oneWayMs),
      );
    }, oneWayMs);
  });
  from.on('end', () => setTimeout(() => to.end(), oneWayMs));
}
