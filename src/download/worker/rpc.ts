import { raceAbort } from '../../base/abort.ts';
import { byTurn, deferred } from '../../base/async.ts';
import type { Deferred } from '../../base/async.ts';
import { fromErrorRecord, toErrorRecord } from '../../base/errors.ts';
import type { AppError, ErrorRecord } from '../../base/errors.ts';

/** The part of a `Worker` or a `MessagePort` that a channel uses. */
export interface Port {
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/**
 * One side of a channel: the calls that it answers and the events that it takes, each a function of one argument.
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

/** What a side does with its calls and events. */
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

/** What a side with these functions receives. `id` numbers the calls of one direction. */
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
 * Calls in both directions over a port, each answered once, and events without an answer.
 * Messages keep their order; those of one turn of the event loop cross together, since waking the other thread costs
 * more than most messages.
 */
export class Channel<Local extends Side, Remote extends Side> {
  private readonly handlers: Handlers<Local>;
  private readonly post: (message: Incoming<Remote, Local>) => void;
  /** Calls of this side without an answer yet. */
  private readonly waiting = new Map<number, Deferred<unknown>>();
  /** Calls of the other side under way here. */
  private readonly performing = new Map<number, AbortController>();
  private lastId = 0;
  private closed: AppError | undefined;

  constructor(port: Port, handlers: Handlers<Local>) {
    this.handlers = handlers;
    this.post = byTurn((messages) => {
      if (this.closed === undefined) {
        port.postMessage(messages, messages.flatMap(ownedBuffer));
      }
    });
    port.on('message', (messages) => {
      // the cast: what the channel at the other end posts
      (messages as readonly Incoming<Local, Remote>[]).forEach((message) => this.receive(message));
    });
  }

  /**
   * Calls the other side.
   * @throws AppError what the call failed with, or what the channel was closed with
   * @throws `signal.reason` at once when aborted; the other side is told, and its answer is dropped
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
      return value as Result<Remote['calls'], Name>; // the cast: what the handler of this name returned
    } finally {
      if (this.waiting.delete(id)) {
        this.post({ type: 'abort', id });
      }
    }
  }

  emit<Name extends keyof Remote['events']>(name: Name, value: Argument<Remote['events'], Name>): void {
    this.post({ type: 'event', name, value });
  }

  /** Ends every wait: calls of this side fail with `error`, now and later, and those of the other side are aborted. */
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

  /** @returns undefined where the caller has given up */
  private answered(id: number): Deferred<unknown> | undefined {
    const answer = this.waiting.get(id);
    this.waiting.delete(id);
    return answer;
  }
}

/** Bytes that a call returns are moved: the handler gives them away. A view of a larger buffer is copied. */
function ownedBuffer(message: { readonly type: string; readonly value?: unknown }): ArrayBuffer[] {
  const { type, value } = message;
  return type === 'result' &&
    value instanceof Uint8Array &&
    value.buffer instanceof ArrayBuffer &&
    value.byteLength === value.buffer.byteLength
    ? [value.buffer]
    : [];
}
