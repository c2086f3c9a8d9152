import type { OnReadOpts, Socket } from 'node:net';
import { buildConnector } from 'undici';

export interface ReceiveSizes {
  readonly memoryBytes: number;
  /** So much is handed on at once; what is less waits for the end of the event loop's round. */
  readonly handOverBytes: number;
  /**
   * What may still come after a socket was told to stop: one read of encrypted bytes, and a record of which the start
   * had come.
   */
  readonly reserveBytes: number;
}

/** More at once is no faster. */
const defaultSizes: ReceiveSizes = { memoryBytes: 256 * 1024, handOverBytes: 64 * 1024, reserveBytes: 80 * 1024 };

/**
 * A connector for dispatchers whose handlers let go of each chunk before they return: chunks are views of one buffer
 * per connection, which is used again and again. So no chunk becomes garbage, TLS records of at most 16 KiB come some
 * at a time, and a GiB costs half of the CPU time. What comes through a proxy's tunnel is read as usual: Node has no
 * such way there.
 * @see https://nodejs.org/api/tls.html#tlsconnectoptions-callback (onread)
 */
export function borrowingConnector(
  options: buildConnector.BuildOptions,
  sizes = defaultSizes,
): buildConnector.connector {
  const onread: { -readonly [K in keyof OnReadOpts]?: OnReadOpts[K] } = {};
  const connect = buildConnector(Object.assign({ onread }, options));
  return (target, callback) => {
    const buffer = new ReceiveBuffer(sizes);
    // `connect` makes the socket before it returns, and a socket reads this only while it is made
    onread.buffer = () => buffer.room();
    onread.callback = (bytes) => buffer.filled(bytes);
    connect(target, (...[error, socket]) => {
      if (error === null) {
        buffer.attachTo(socket);
        callback(error, socket);
      } else {
        callback(error, socket);
      }
    });
  };
}

/**
 * Stands between a socket that fills a buffer and undici, which reads a stream: `readable`, `read` and `unshift`.
 *
 * Of what it has read undici keeps only pieces of a head that is not complete yet, 16 KiB at most. The memory is filled
 * from its start again only where `filled` has handed on what stands there: until it comes round to those pieces, the
 * head has ended.
 */
class ReceiveBuffer {
  private readonly sizes: ReceiveSizes;
  private memory: Buffer;
  private readFrom = 0;
  private filledTo = 0;
  private isScheduled = false;
  private socket: Socket | undefined;

  constructor(sizes: ReceiveSizes) {
    this.sizes = sizes;
    this.memory = Buffer.allocUnsafeSlow(sizes.memoryBytes);
  }

  /** Where the next bytes go. Never empty: Node would wait for room for ever. */
  room(): Uint8Array {
    const { handOverBytes, reserveBytes } = this.sizes;
    const left = this.memory.length - this.filledTo;
    if (this.isRead()) {
      this.readFrom = this.filledTo = 0;
    } else if (left < reserveBytes) {
      this.moveToNewMemory();
    }
    return this.memory.subarray(this.filledTo, this.filledTo + handOverBytes);
  }

  /** @returns whether the socket is to go on reading; else the next `read` behind what is here lets it */
  filled(bytes: number): boolean {
    const { handOverBytes, reserveBytes } = this.sizes;
    this.filledTo += bytes;
    if (this.filledTo - this.readFrom < handOverBytes && this.memory.length - this.filledTo >= 2 * reserveBytes) {
      this.schedule();
      return true;
    }
    this.socket?.emit('readable');
    return this.isRead();
  }

  /** From now on the socket's reader reads from here. */
  attachTo(socket: Socket): void {
    this.socket = socket;
    const [read, unshift] = [socket.read.bind(socket), socket.unshift.bind(socket)];
    socket.read = (size?: number): unknown => {
      if (!this.isRead()) {
        // the end of the stream, which read(0) looks for, is behind what is here
        return size === 0 ? null : this.take();
      }
      return read(size);
    };
    socket.unshift = (chunk: Uint8Array, ...encoding): void => {
      if (chunk.buffer === this.memory.buffer) {
        this.readFrom -= chunk.length;
      } else {
        unshift(chunk, ...encoding);
      }
    };
  }

  private isRead(): boolean {
    return this.readFrom === this.filledTo;
  }

  private take(): Buffer {
    const chunk = this.memory.subarray(this.readFrom, this.filledTo);
    this.readFrom = this.filledTo;
    return chunk;
  }

  private schedule(): void {
    if (this.isScheduled) {
      return;
    }
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      if (!this.isRead()) {
        this.socket?.emit('readable');
      }
    });
  }

  /** Nobody has read for long: the old memory is left to whoever still has a piece of it. */
  private moveToNewMemory(): void {
    const waiting = this.take();
    this.memory = Buffer.allocUnsafeSlow(this.sizes.memoryBytes + waiting.length);
    this.memory.set(waiting);
    this.readFrom = 0;
    this.filledTo = waiting.length;
  }
}
