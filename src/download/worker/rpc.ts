import { raceAbort } from '../../base/abort.ts';
import { batchPerTick, deferred } from '../../base/async.ts';
import type { Deferred } from '../../base/async.ts';
import { fromErrorRecord, toErrorRecord } from '../../base/errors.ts';
import type { AppError, ErrorRecord } from '../../base/errors.ts';

/** Subset of `Worker` and `MessagePort` that a channel uses. */
export interface Port {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/**
 * Side of a channel: the calls that it answers and the events that it receives, each a function of one argument.
 * Arguments and results are plain data, since they are cloned; errors arrive as `AppError`.
 */
export interface Side {
  readonly calls: object;
  readonly events: object;
}

type Argument<Functions, Name extends keyof Functions> = Functions[Name] extends (...args: infer Args) => unknown
  ? Args[0]
  : never;
type Result<Functions, Name extends keyof Functions> = Functions[Name] extends (...args: never) => infer Value
  ? Value
  : never;

/** Performs a call. `signal` is aborted when the caller gives up and when the channel closes. */
type Handler<Functions, Name extends keyof Functions> = (
  argument: Argument<Functions, Name>,
  signal: AbortSignal,
) => Promise<Result<Functions, Name>>;

/** Implementation of a side. */
export interface Handlers<Local extends Side> {
  readonly calls: { readonly [Name in keyof Local['calls']]: Handler<Local['calls'], Name> };
  readonly events: { readonly [Name in keyof Local['events']]: (value: Argument<Local['events'], Name>) => void };
}

interface CallMessage<Calls, Name extends keyof Calls = keyof Calls> {
  readonly type: 'call';
  readonly id: number;
  readonly name: Name;
  readonly argument: Argument<Calls, Name>;
}

interface EventMessage<Events, Name extends keyof Events = keyof Events> {
  readonly type: 'event';
  readonly name: Name;
  readonly value: Argument<Events, Name>;
}

/** Message to the side with these functions. `id` numbers the calls of one direction. */
type Request<Receiver extends Side> =
  | CallMessage<Receiver['calls']>
  /** The caller of this call has given up. */
  | { readonly type: 'abort'; readonly id: number }
  | EventMessage<Receiver['events']>;

type Answer<Calls> =
  | { readonly type: 'result'; readonly id: number; readonly value: Result<Calls, keyof Calls> }
  | { readonly type: 'error'; readonly id: number; readonly error: ErrorRecord };

type Incoming<Local extends Side, Remote extends Side> = Request<Local> | Answer<Remote['calls']>;

/**
 * Calls in both directions over a port, each with one response, and events without a response.
 * Messages keep their order; those of one event loop tick are sent together, since waking the other thread costs more
 * than most messages.
 */
export class Channel<Local extends Side, Remote extends Side> {
  private readonly handlers: Handlers<Local>;
  private readonly post: (message: Incoming<Remote, Local>) => void;
  /** Calls of this side that wait for a response. */
  private readonly waiting = new Map<number, Deferred<unknown>>();
  /** Calls of the other side that run here. */
  private readonly performing = new Map<number, AbortController>();
  private lastId = 0;
  private closed: AppError | undefined;

  constructor(port: Port, handlers: Handlers<Local>) {
    this.handlers = handlers;
    this.post = batchPerTick((messages) => {
      if (this.closed === undefined) {
        port.postMessage(messages, messages.flatMap(ownedBuffer));
      }
    });
    port.on('message', (messages) => {
      // the cast: posted by the channel at the other end
      (messages as readonly Incoming<Local, Remote>[]).forEach((message) => this.receive(message));
    });
  }

  /**
   * Calls the other side.
   * @throws AppError the error of the call, or the error of `close`
   * @throws `signal.reason` at once if aborted; the other side aborts the call, and its response is dropped
   */
  async call<Name extends keyof Remote['calls']>(
    name: Name,
    argument: Argument<Remote['calls'], Name>,
    signal?: AbortSignal,
  ): Promise<Result<Remote['calls'], Name>> {
    signal?.throwIfAborted();
    if (this.closed !== undefined) {
      throw this.closed;
    }
    this.lastId += 1;
    const id = this.lastId;
    const answer = deferred<unknown>();
    this.waiting.set(id, answer);
    this.post({ type: 'call', id, name, argument });
    try {
      const value = await (signal === undefined ? answer.promise : raceAbort(answer.promise, signal));
      return value as Result<Remote['calls'], Name>; // the cast: returned by the handler of this name
    } finally {
      if (this.waiting.delete(id)) {
        this.post({ type: 'abort', id });
      }
    }
  }

  emit<Name extends keyof Remote['events']>(name: Name, value: Argument<Remote['events'], Name>): void {
    this.post({ type: 'event', name, value });
  }

  /** Closes the channel: present and later calls of this side fail with `error`, those of the other are aborted. */
  close(error: AppError): void {
    this.closed ??= error;
    this.waiting.forEach(({ reject }) => reject(error));
    this.waiting.clear();
    this.performing.forEach((controller) => controller.abort());
  }

  private receive(message: Incoming<Local, Remote>): void {
    if (this.closed !== undefined) {
      return;
    }
    switch (message.type) {
      case 'call':
        void this.perform(message);
        return;
      case 'abort':
        this.performing.get(message.id)?.abort();
        return;
      case 'event':
        this.handlers.events[message.name](message.value);
        return;
      case 'result':
        this.answered(message.id)?.resolve(message.value);
        return;
      case 'error':
        this.answered(message.id)?.reject(fromErrorRecord(message.error));
        return;
    }
  }

  private async perform<Name extends keyof Local['calls']>(message: CallMessage<Local['calls'], Name>): Promise<void> {
    const { id, name, argument } = message;
    const controller = new AbortController();
    this.performing.set(id, controller);
    try {
      const value = await this.handlers.calls[name](argument, controller.signal);
      this.post({ type: 'result', id, value });
    } catch (error) {
      this.post({ type: 'error', id, error: toErrorRecord(error) });
    } finally {
      this.performing.delete(id);
    }
  }

  /** @returns undefined if the caller has given up */
  private answered(id: number): Deferred<unknown> | undefined {
    const answer = this.waiting.get(id);
    this.waiting.delete(id);
    return answer;
  }
}

/** Returns the buffer to transfer: a result is moved, not copied, unless it is a view of a larger buffer. */
function ownedBuffer(message: { readonly type: string; readonly value?: unknown }): ArrayBuffer[] {
  const { type, value } = message;
  return type === 'result' &&
    value instanceof Uint8Array &&
    value.buffer instanceof ArrayBuffer &&
    value.byteLength === value.buffer.byteLength
    ? [value.buffer]
    : [];
}
