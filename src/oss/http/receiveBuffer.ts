import type { OnReadOpts, Socket } from 'node:net';
import { buildConnector } from 'undici';

export interface ReceiveSizes {
  readonly memoryBytes: number;
  /** From this size on bytes are handed over at once; fewer wait for the end of the event-loop tick. */
  readonly handOverBytes: number;
  /**
   * Room for bytes that may arrive after the socket was told to stop: one read of encrypted bytes, and the rest of a
   * TLS record.
   */
  readonly reserveBytes: number;
}

/** Larger sizes were not faster. */
const defaultSizes: ReceiveSizes = { memoryBytes: 256 * 1024, handOverBytes: 64 * 1024, reserveBytes: 80 * 1024 };

/**
 * Creates a connector for dispatchers whose handlers release each chunk before they return: chunks are views of one
 * reused buffer per connection. No chunk becomes garbage, several TLS records of at most 16 KiB arrive at once, and a
 * GiB costs half of the CPU time. Connections through a proxy's tunnel are read as usual: Node has no `onread` there.
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
    // `connect` creates the socket synchronously, and a socket reads `onread` only in its constructor
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
 * Adapts a socket that fills a buffer to undici, which reads a stream: `readable`, `read` and `unshift`.
 *
 * After a read undici keeps only pieces of incomplete headers, 16 KiB at most. The memory is refilled from its start
 * only after all of it was read: before the new bytes reach those pieces, the headers are complete.
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

  /** Returns the memory for the next bytes. Never empty: Node would wait forever. */
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

  /**
   * Accepts bytes that the socket has written to `room`.
   * @returns whether it continues reading; else a `read` resumes it
   */
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

  /** Redirects `read` and `unshift` of the socket to this buffer. */
  attachTo(socket: Socket): void {
    this.socket = socket;
    const [read, unshift] = [socket.read.bind(socket), socket.unshift.bind(socket)];
    socket.read = (size?: number): unknown => {
      if (!this.isRead()) {
        // read(0) looks for the end of the stream, which comes after the bytes in this buffer
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

  /** Replaces memory that is full of unread bytes; undici may still hold pieces of the old one. */
  private moveToNewMemory(): void {
    const waiting = this.take();
    this.memory = Buffer.allocUnsafeSlow(this.sizes.memoryBytes + waiting.length);
    this.memory.set(waiting);
    this.readFrom = 0;
    this.filledTo = waiting.length;
  }
}
