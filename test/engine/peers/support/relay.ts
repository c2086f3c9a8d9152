import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What becomes of the next connections: passed on, or cut with RST after so many bytes of the server's answers. */
export type RelayMode =
  | { readonly kind: 'pass' }
  | { readonly kind: 'cut'; readonly afterBytes: number }
  | { readonly kind: 'stall'; readonly afterBytes: number };

/** A wire between a client and a server that breaks when it is told to. */
export interface Relay {
  readonly origin: string;
  /** For connections that come from now on; those that are open keep theirs. */
  mode: RelayMode;
  /** Bytes that the server sent so far and that went through, heads included. */
  passedBytes: number;
  /** Cuts what is open. */
  cutAll(): void;
  close(): Promise<void>;
}

/** Passes connections on 127.0.0.1, any free port, to another port there. */
export async function startRelay(port: number): Promise<Relay> {
  const open = new Set<Socket>();
  const server = createServer({ pauseOnConnect: true }, (near) => join(near));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  const relay: Relay = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mode: { kind: 'pass' },
    passedBytes: 0,
    cutAll: () => open.forEach((socket) => socket.resetAndDestroy()),
    close: async () => {
      relay.cutAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function join(near: Socket): void {
    const { mode } = relay;
    let left = mode.kind === 'pass' ? Number.POSITIVE_INFINITY : mode.afterBytes;
    const far = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (bytes) => {
      const passed = bytes.subarray(0, left);
      left -= passed.length;
      relay.passedBytes += passed.length;
      const taken = near.write(passed);
      if (left === 0) {
        far.pause();
        if (mode.kind === 'cut') {
          // what was passed on must arrive before the cut: RST drops what is still in the near buffers
          near.end();
          far.destroy();
        }
      } else if (!taken) {
        far.pause();
        near.once('drain', () => far.resume());
      }
    });
  }

  return relay;
}
