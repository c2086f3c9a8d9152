import type { Dispatcher } from 'undici';
import { reasonOf } from '../../base/abort.ts';
import { AppError } from '../../base/errors.ts';
import { checkResponse } from './responseCheck.ts';
import type { AcceptedResponse } from './responseCheck.ts';
import type { ResponseHeaders } from '../headers.ts';
import { headerValue } from '../headers.ts';
import type { HttpTarget } from './httpTarget.ts';
import { describeTarget } from './httpTarget.ts';
import { fromNetworkFailure } from '../networkErrors.ts';
import type { ReadRequest, ReadSink } from '../objectReader.ts';
import { fromFailedResponse, maxErrorBodyBytes } from '../ossErrors.ts';

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Sends one request and streams the body of its response to the sink.
 * @returns the Location header as received for a redirect; undefined when the body was delivered
 * @throws as `ObjectReader.read`
 */
export function receiveResponse(
  dispatcher: Dispatcher,
  target: HttpTarget,
  headers: Record<string, string>,
  request: ReadRequest,
  sink: ReadSink,
  signal: AbortSignal,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const exchange = new HttpExchange(target, request, sink, signal, resolve, reject);
    try {
      dispatcher.dispatch({ origin: target.origin, path: target.path, method: 'GET', headers }, exchange);
    } catch (error) {
      exchange.fail(fromNetworkFailure(error, describeTarget(target)));
    }
  });
}

/** Kind of response body, known once the headers have arrived. */
type Body =
  | { readonly kind: 'none' }
  | { readonly kind: 'wanted'; readonly accepted: AcceptedResponse }
  | { readonly kind: 'redirect'; readonly location: string }
  | { readonly kind: 'failure'; readonly status: number; readonly headers: ResponseHeaders };

/**
 * Handles undici's callbacks for one request. A stream per response would cost half of the throughput.
 * Settles once, on the first of: end, failure, abort, stall; later callbacks are ignored.
 */
class HttpExchange implements Dispatcher.DispatchHandler {
  private readonly subject: string;
  private readonly request: ReadRequest;
  private readonly sink: ReadSink;
  private readonly signal: AbortSignal;
  private readonly resolve: (location: string | undefined) => void;
  private readonly reject: (error: unknown) => void;
  private readonly onAbort = (): void => this.fail(reasonOf(this.signal));
  private readonly stallTimer: NodeJS.Timeout;
  private controller: Dispatcher.DispatchController | undefined;
  private settled = false;
  private isHeldBack = false;
  private hasEnded = false;
  private body: Body = { kind: 'none' };
  private receivedBytes = 0;
  private readonly kept: Uint8Array[] = [];

  constructor(
    target: HttpTarget,
    request: ReadRequest,
    sink: ReadSink,
    signal: AbortSignal,
    resolve: (location: string | undefined) => void,
    reject: (error: unknown) => void,
  ) {
    this.subject = describeTarget(target);
    this.request = request;
    this.sink = sink;
    this.signal = signal;
    this.resolve = resolve;
    this.reject = reject;
    this.stallTimer = setTimeout(() => this.onStall(), request.stallTimeoutMs);
    signal.addEventListener('abort', this.onAbort, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.settled) {
      // Thrown, not aborted: the connection stays usable.
      throw new Error('the request was abandoned before it was sent');
    }
    this.controller = controller;
    this.stallTimer.refresh();
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: ResponseHeaders): void {
    if (this.settled || status < 200) {
      return;
    }
    this.stallTimer.refresh();
    try {
      this.body = this.readHead(status, headers);
    } catch (error) {
      this.fail(error);
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Uint8Array): void {
    // undici's resume() parses an empty buffer when the socket has no data; pausing for that would loop forever.
    if (this.settled || chunk.length === 0) {
      return;
    }
    this.stallTimer.refresh();
    this.receivedBytes += chunk.length;
    try {
      if (this.body.kind === 'wanted') {
        this.deliver(controller, chunk, this.body.accepted);
      } else {
        this.keep(chunk);
      }
    } catch (error) {
      this.fail(error);
    }
  }

  onResponseEnd(): void {
    if (this.settled) {
      return;
    }
    if (this.isHeldBack) {
      // A body delimited by the end of the connection can end while its last chunk is still being written.
      this.hasEnded = true;
    } else {
      this.finish();
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.settled) {
      return;
    }
    if (this.body.kind === 'wanted' && this.body.accepted.lengthBytes === this.receivedBytes) {
      // The server closed the connection after the last byte while that was being written, before undici saw the end.
      this.onResponseEnd();
    } else {
      this.fail(fromNetworkFailure(error, this.subject));
    }
  }

  fail(error: unknown): void {
    if (this.settle()) {
      this.reject(error);
      // Last, because undici calls onResponseError, which must be ignored by then.
      this.controller?.abort(error instanceof Error ? error : new Error('refused'));
    }
  }

  private readHead(status: number, headers: ResponseHeaders): Body {
    const location = headerValue(headers, 'location');
    if (redirectStatuses.has(status) && location !== undefined) {
      return { kind: 'redirect', location };
    }
    if (status !== 200 && status !== 206) {
      return { kind: 'failure', status, headers };
    }
    const accepted = checkResponse(this.request, status, headers, this.subject);
    this.sink.onResponse(accepted.response);
    return { kind: 'wanted', accepted };
  }

  private deliver(
    controller: Dispatcher.DispatchController,
    chunk: Uint8Array,
    { lengthBytes }: AcceptedResponse,
  ): void {
    if (lengthBytes !== undefined && this.receivedBytes > lengthBytes) {
      throw new AppError(
        'range/notHonoured',
        `the body is longer than the ${lengthBytes} bytes announced: ${this.subject}`,
        { retryable: true, details: { subject: this.subject } },
      );
    }
    const written = this.sink.onChunk(chunk);
    if (written !== undefined) {
      this.isHeldBack = true;
      controller.pause();
      written.then(
        () => this.resume(controller),
        (error: unknown) => this.fail(error),
      );
    }
  }

  private resume(controller: Dispatcher.DispatchController): void {
    if (this.settled) {
      return;
    }
    this.isHeldBack = false;
    if (this.hasEnded) {
      this.finish();
    } else {
      this.stallTimer.refresh();
      controller.resume();
    }
  }

  /** Keeps the body of an error, to parse it, and drops that of a redirect; aborts both above `maxErrorBodyBytes`. */
  private keep(chunk: Uint8Array): void {
    if (this.body.kind === 'failure') {
      this.kept.push(Uint8Array.from(chunk));
    }
    if (this.receivedBytes > maxErrorBodyBytes) {
      this.finish();
      this.controller?.abort(new Error('the rest of the body is not wanted'));
    }
  }

  private finish(): void {
    const { body, subject } = this;
    switch (body.kind) {
      case 'none':
        this.fail(
          new AppError('server/unexpectedAnswer', `an answer without a status: ${subject}`, {
            retryable: true,
            details: { subject },
          }),
        );
        break;
      case 'failure':
        this.fail(
          fromFailedResponse({ status: body.status, headers: body.headers, body: Buffer.concat(this.kept), subject }),
        );
        break;
      case 'redirect':
        this.succeed(body.location);
        break;
      case 'wanted':
        this.finishWanted(body.accepted);
        break;
    }
  }

  private finishWanted({ lengthBytes }: AcceptedResponse): void {
    if (lengthBytes !== undefined && this.receivedBytes < lengthBytes) {
      this.fail(
        new AppError(
          'network/interrupted',
          `the body ended after ${this.receivedBytes} of ${lengthBytes} bytes: ${this.subject}`,
          { retryable: true, details: { subject: this.subject } },
        ),
      );
    } else {
      this.succeed(undefined);
    }
  }

  private succeed(location: string | undefined): void {
    if (this.settle()) {
      this.resolve(location);
    }
  }

  private onStall(): void {
    if (this.isHeldBack) {
      // The sink is holding the socket back: the server does not stall.
      this.stallTimer.refresh();
      return;
    }
    const seconds = this.request.stallTimeoutMs / 1000;
    this.fail(
      new AppError('network/stalled', `no byte for ${seconds} s: ${this.subject}`, {
        retryable: true,
        details: { subject: this.subject },
      }),
    );
  }

  private settle(): boolean {
    if (this.settled) {
      return false;
    }
    this.settled = true;
    clearTimeout(this.stallTimer);
    this.signal.removeEventListener('abort', this.onAbort);
    return true;
  }
}
