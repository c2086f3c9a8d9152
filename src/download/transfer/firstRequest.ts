import { defined } from '../../base/defined.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import { deferred } from '../../base/async.ts';
import type { ByteRange } from '../../oss/model.ts';
import type { ReadResponse, ReadSink, Validator } from '../../oss/objectReader.ts';
import { openTransfer } from './openTransfer.ts';
import type { PlanInput } from './openTransfer.ts';
import { asChange, downloadPart, downloadWhole, retrying } from './fetchPart.ts';
import { firstPartBytes, partAt, partRange, planParts } from './plan.ts';
import { RangeWriter } from './rangeWriter.ts';
import type { LeasedContext, Transfer } from './transfer.ts';
import { isSameObject, learnValidator, requireProof, requireSameObject } from './validators.ts';
import type { ObjectFacts } from './validators.ts';

/**
 * The first request of a session. Its headers tell size and version of the object, its body is already the first part:
 * the files are opened while the body flows, and the other parts are requested beside it. Three cases:
 *
 * 1. A listed object (`requestForKnown`): asks for the first part of the listed version. If the object has changed
 *    since, continues with 2.
 * 2. An object of unknown size (`requestForUnknown`): asks for a range of one part. If the server cannot serve that,
 *    asks for the whole object.
 * 3. A resumed download (`continueTransfer`): asks for the missing bytes with If-Range. The response is either these
 *    bytes or the whole new object, which replaces what was kept.
 *
 * Order of events: `sendFirst` sends the request, `requireUsable` checks the headers, `transferFor` opens the files;
 * then `sendFirst` resolves, while `receiveFirst` writes the body and `completeFirstPart` fetches what it left missing.
 */

/** A started download: its files are open. */
export interface StartedTransfer {
  readonly transfer: Transfer;
  /** The response that is arriving; absent: no request was sent. */
  readonly first?: FirstResponse;
}

export interface FirstResponse {
  /** Index of the requested part; the parts before it are complete. */
  readonly index: number;
  /** Whether the response brings all parts in order, so that none must be requested beside it. */
  readonly isWhole: boolean;
  /** Resolves when its bytes are on disk; rejects if they cannot be fetched. */
  readonly done: Promise<void>;
}

/** The first request; without a range it asks for the whole object. */
interface FirstRequest {
  readonly range?: ByteRange;
  readonly partSizeBytes: PlanInput['partSizeBytes'];
  readonly validator?: Validator;
  readonly expected: ObjectFacts;
  /** Transfer of an earlier session, to continue if the response shows the same version of the object. */
  readonly resumed?: Transfer;
}

/**
 * Starts a download from scratch (cases 1 and 2). Resolves when the files are open, while the body still arrives.
 * @throws AppError of the last attempt, `disk/*`
 */
export async function beginTransfer(context: LeasedContext, signal: AbortSignal): Promise<StartedTransfer> {
  return retrying(
    context,
    () => 0,
    () => startWithFallbacks(context, signal),
    signal,
  );
}

/**
 * Continues an earlier session. Sends the first request only to servers that honour If-Range (case 3); for other
 * servers every part carries a condition that fails after a change.
 * @throws as `beginTransfer` does; the files of `resumed` are closed then
 */
export async function continueTransfer(resumed: Transfer, signal: AbortSignal): Promise<StartedTransfer> {
  const { object, ledger } = resumed;
  if (object.validator?.kind !== 'ifRange' || ledger.complete) {
    return { transfer: resumed };
  }
  const { partSizeBytes } = resumed.deps.limits();
  const first: FirstRequest = {
    range: ledger.firstMissing(),
    partSizeBytes,
    validator: object.validator,
    expected: object,
    resumed,
  };
  try {
    return await retrying(
      resumed,
      () => ledger.bytesDone,
      () => sendFirst(resumed, first, signal),
      signal,
    );
  } catch (error) {
    await resumed.journal.close();
    await resumed.file.close();
    throw signal.aborted ? error : asChange(toAppError(error));
  }
}

/** Sends the first request; after a failure that `fallbackFor` can handle, a simpler one. */
async function startWithFallbacks(context: LeasedContext, signal: AbortSignal): Promise<StartedTransfer> {
  let first = requestForKnown(context);
  for (;;) {
    try {
      return await sendFirst(context, first, signal);
    } catch (error) {
      const next = signal.aborted ? undefined : fallbackFor(context, first, toAppError(error));
      if (next === undefined) {
        throw error;
      }
      first = next;
    }
  }
}

function requestForKnown(context: LeasedContext): FirstRequest {
  const { known, source } = context.header;
  if (known === undefined) {
    return requestForUnknown(context);
  }
  const { sizeBytes, etag } = known;
  const { partSizeBytes } = context.deps.limits();
  const validator = learnValidator(source.kind, { etag });
  return {
    expected: { sizeBytes, etag },
    partSizeBytes,
    // An empty object has no range, and OSS answers a range that exceeds the object with all of it.
    ...(sizeBytes === 0 ? {} : { range: partRange(planParts(sizeBytes, partSizeBytes), 0) }),
    ...defined({ validator }),
  };
}

function requestForUnknown(context: LeasedContext): FirstRequest {
  const { partSizeBytes } = context.deps.limits();
  return { expected: {}, partSizeBytes, range: { start: 0, end: firstPartBytes(partSizeBytes) } };
}

/** Chooses the next simpler request after a failure; undefined if the failure is final. */
function fallbackFor(context: LeasedContext, failed: FirstRequest, failure: AppError): FirstRequest | undefined {
  const { logger } = context.deps;
  if (failure.code === 'object/changed' && failed.expected.sizeBytes !== undefined) {
    // The listing is outdated. Nothing is kept yet, so the current version can be downloaded.
    logger.log('info', `the object changed since it was listed: ${context.header.path}`);
    return requestForUnknown(context);
  }
  if (failed.range !== undefined && failure.code === 'range/notHonoured' && !failure.retryable) {
    // An empty object, which has no first byte (416), or see `requireUsable`.
    logger.log('info', `asking for the whole object, ${failure.message}: ${context.header.path}`);
    return { expected: {}, partSizeBytes: failed.partSizeBytes };
  }
  return undefined;
}

/** Sends the first request. Resolves when its headers have arrived and the files are open. */
async function sendFirst(context: LeasedContext, first: FirstRequest, signal: AbortSignal): Promise<StartedTransfer> {
  const opened = deferred<Transfer>();
  const received = receiveFirst(context, first, opened.resolve, signal);
  received.catch(opened.reject);
  const transfer = await opened.promise;
  const isContinued = transfer === first.resumed;
  const index = isContinued ? partAt(transfer.ledger.plan, first.range?.start ?? 0) : 0;
  const isWhole = first.resumed !== undefined && !isContinued;
  const done = completeFirstPart(transfer, index, isWhole, received, signal);
  done.catch(() => undefined); // handled by the caller, who awaits it later
  return { transfer, first: { index, isWhole, done } };
}

/**
 * Sends the request and writes the body of its response to disk.
 * @param onOpened called with the transfer when its files are open, before the first byte is written
 */
async function receiveFirst(
  context: LeasedContext,
  first: FirstRequest,
  onOpened: (transfer: Transfer) => void,
  signal: AbortSignal,
): Promise<void> {
  const { budget, limits, reader } = context.deps;
  const { range, validator } = first;
  let writer: RangeWriter | undefined;
  let opening: Promise<RangeWriter> | undefined;
  const openWriter = async (response: ReadResponse): Promise<RangeWriter> => {
    const transfer = await transferFor(context, first, response);
    const end = transfer.ledger.plan.sizeBytes;
    writer = new RangeWriter(
      transfer,
      response.kind === 'whole'
        ? { start: 0, end }
        : { start: range?.start ?? 0, end: Math.min(range?.end ?? end, end) },
    );
    onOpened(transfer);
    return writer;
  };
  const sink: ReadSink = {
    onResponse: (response) => {
      requireUsable(context, first, response);
      opening = openWriter(response);
      opening.catch(() => undefined); // awaited with the first chunk, or below
    },
    onChunk: (chunk) => {
      if (writer !== undefined) {
        return writer.push(chunk, signal);
      }
      // The files are not open yet, and the chunk is valid only until this returns.
      const copy = Uint8Array.from(chunk);
      return opening?.then((opened) => opened.push(copy, signal));
    },
  };
  const request = { ...defined({ range, validator }), stallTimeoutMs: limits().stallTimeoutMs };
  const permit = await budget.acquire(signal);
  try {
    await context.urls.use((url) => reader.read({ ...request, url }, sink, signal), signal);
  } finally {
    permit.dispose();
    await (await opening)?.finish();
  }
  (await opening)?.complete();
}

/** Returns the transfer that a response belongs to: the resumed one, or a new one that replaces it. */
async function transferFor(
  context: LeasedContext,
  { range, partSizeBytes, resumed }: FirstRequest,
  response: ReadResponse,
): Promise<Transfer> {
  if (resumed !== undefined && response.kind === 'range') {
    return resumed;
  }
  if (resumed !== undefined) {
    context.deps.logger.log(
      'warn',
      `the object has changed, starting from scratch with the new one: ${context.header.path}`,
    );
    await resumed.journal.close();
    await resumed.file.close();
    // This server supports ranges, so after a cut the rest can be requested.
    return openTransfer(context, response, { end: Infinity, partSizeBytes });
  }
  return openTransfer(context, response, { end: range?.end ?? 0, partSizeBytes });
}

/**
 * Waits for the body of the first response, then fetches what it left missing of its part: after a cut, or if the part
 * is larger than the requested range. The rest of a whole object is left to the other parts.
 */
async function completeFirstPart(
  transfer: Transfer,
  index: number,
  isWhole: boolean,
  received: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, object, deps } = transfer;
  try {
    await received;
    if (!object.ranges) {
      return;
    }
  } catch (error) {
    if (signal.aborted || !toAppError(error).retryable) {
      throw error;
    }
  }
  if (object.ranges && (isWhole || ledger.isComplete(index))) {
    return;
  }
  const permit = await deps.budget.acquire(signal);
  try {
    await (object.ranges ? downloadPart(transfer, index, signal) : downloadWhole(transfer, signal));
  } finally {
    permit.dispose();
  }
}

/**
 * Checks that a download can be made from this response.
 * @throws AppError `object/changed` or `range/notHonoured` (see `fallbackFor`), `server/unexpectedAnswer`
 */
function requireUsable(
  { header }: LeasedContext,
  { range, expected, validator, resumed }: FirstRequest,
  { kind, object }: ReadResponse,
): void {
  if (resumed !== undefined) {
    requireSuccessor(expected, kind, object);
  }
  if (kind === 'range' || validator?.kind !== 'ifRange') {
    // after If-Range a whole object may be a new version, which is accepted
    requireSameObject(expected, object);
  }
  if (header.source.kind === 'oss' && object.etag === undefined) {
    throw new AppError('server/unexpectedAnswer', 'the answer has no ETag, so it does not come from OSS', {
      retryable: true,
    });
  }
  if (resumed !== undefined) {
    requireProof(kind === 'range' ? validator : undefined, object);
    return;
  }
  const isPiece = kind === 'range' && (object.sizeBytes === undefined || object.sizeBytes > (range?.end ?? 0));
  if (isPiece && (object.sizeBytes === undefined || learnValidator(header.source.kind, object) === undefined)) {
    throw new AppError(
      'range/notHonoured',
      'parts of it cannot be put together: the server does not say by what a change would show',
    );
  }
}

/**
 * Checks that a whole object may replace what was kept: it must have the same kind of validator with another value.
 * The page of a captive portal has none.
 */
function requireSuccessor(expected: ObjectFacts, kind: ReadResponse['kind'], answered: ObjectFacts): void {
  if (kind === 'whole' && isSameObject(expected, answered)) {
    throw new AppError('range/notHonoured', 'the server sent the whole object although nothing in it has changed', {
      retryable: true,
    });
  }
  if (
    kind === 'whole' &&
    ((expected.etag !== undefined && answered.etag === undefined) ||
      (expected.lastModified !== undefined && answered.lastModified === undefined))
  ) {
    throw new AppError(
      'object/changed',
      'the server sent something else than the object, and nothing that tells what it is',
    );
  }
}
