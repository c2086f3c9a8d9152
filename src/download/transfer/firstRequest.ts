import { defined } from '../../base/defined.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import { deferred } from '../../base/async.ts';
import type { ByteRange } from '../../oss/model.ts';
import type { ReadResponse, ReadSink, Validator } from '../../oss/objectReader.ts';
import { openTransfer } from './openTransfer.ts';
import type { Asked } from './openTransfer.ts';
import { asChange, downloadPart, downloadWhole, retrying } from './fetchPart.ts';
import { firstPartBytes, partAt, partRange, planParts } from './plan.ts';
import { RangeWriter } from './rangeWriter.ts';
import type { LeasedContext, Transfer } from './transfer.ts';
import { isSameObject, learnValidator, requireProof, requireSameObject } from './validators.ts';
import type { ObjectFacts } from './validators.ts';

/** A download that is under way: its files are open. */
export interface Begun {
  readonly transfer: Transfer;
  /** The request that is already out. Absent: none is. */
  readonly first?: FirstRequest;
}

export interface FirstRequest {
  /** The part that it asked for; those before it are complete. */
  readonly index: number;
  /** Whether it brings all parts, one after the other, so that none is to be asked for beside it. */
  readonly isWhole: boolean;
  /** Settles when the bytes that it was to bring are on disk, or cannot be had. */
  readonly done: Promise<void>;
}

/** What the first request asks for. Without a range: the whole object, answered as it comes. */
interface Question {
  readonly range?: ByteRange;
  readonly partSizeBytes: Asked['partSizeBytes'];
  readonly validator?: Validator;
  readonly expected: ObjectFacts;
  /** What an earlier session left, to go on with where the answer shows that the object is still the same. */
  readonly resumed?: Transfer;
}

/**
 * Begins a download of which nothing is kept. The first request is the probe: its headers tell size and version,
 * its body is the first part already. Resolves as soon as the files are there, while that body still flows.
 * @throws AppError of the last attempt, `disk/*`
 */
export async function beginTransfer(context: LeasedContext, signal: AbortSignal): Promise<Begun> {
  return retrying(
    context,
    () => 0,
    () => probe(context, signal),
    signal,
  );
}

/**
 * Goes on with what an earlier session left. Where the server honours If-Range, the first request is sent here:
 * if the object has changed, its answer is the new object, which then takes the place of what was kept.
 * @throws as `beginTransfer` does; the files of `resumed` are closed then
 */
export async function continueTransfer(resumed: Transfer, signal: AbortSignal): Promise<Begun> {
  const { object, ledger } = resumed;
  if (object.validator?.kind !== 'ifRange' || ledger.complete) {
    return { transfer: resumed };
  }
  const { partSizeBytes } = resumed.deps.limits();
  const question = {
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
      () => ask(resumed, question, signal),
      signal,
    );
  } catch (error) {
    await resumed.journal.close();
    await resumed.file.close();
    throw signal.aborted ? error : asChange(toAppError(error));
  }
}

/** Asks; where the answer shows that the question was wrong, asks the next simpler one. */
async function probe(context: LeasedContext, signal: AbortSignal): Promise<Begun> {
  let question = firstQuestion(context);
  for (;;) {
    try {
      return await ask(context, question, signal);
    } catch (error) {
      const next = signal.aborted ? undefined : nextQuestion(context, question, toAppError(error));
      if (next === undefined) {
        throw error;
      }
      question = next;
    }
  }
}

function firstQuestion(context: LeasedContext): Question {
  const { known, source } = context.header;
  if (known === undefined) {
    return blindQuestion(context);
  }
  const { sizeBytes, etag } = known;
  const { partSizeBytes } = context.deps.limits();
  const validator = learnValidator(source.kind, { etag });
  return {
    expected: { sizeBytes, etag },
    partSizeBytes,
    // An empty object has no range to ask for, and OSS answers one that reaches past the end with everything.
    ...(sizeBytes === 0 ? {} : { range: partRange(planParts(sizeBytes, partSizeBytes), 0) }),
    ...defined({ validator }),
  };
}

function blindQuestion(context: LeasedContext): Question {
  const { partSizeBytes } = context.deps.limits();
  return { expected: {}, partSizeBytes, range: { start: 0, end: firstPartBytes(partSizeBytes) } };
}

function nextQuestion(context: LeasedContext, asked: Question, failure: AppError): Question | undefined {
  const { logger } = context.deps;
  if (failure.code === 'object/changed' && asked.expected.sizeBytes !== undefined) {
    // The listing was old. Nothing is kept yet, so the object as it is now is the one to download.
    logger.log('info', `the object changed since it was listed: ${context.header.path}`);
    return blindQuestion(context);
  }
  if (asked.range !== undefined && failure.code === 'range/notHonoured' && !failure.retryable) {
    // An empty object, of which not even the first byte can be asked for (416), or see `requireUsable`.
    logger.log('info', `asking for the whole object, ${failure.message}: ${context.header.path}`);
    return { expected: {}, partSizeBytes: asked.partSizeBytes };
  }
  return undefined;
}

/** Sends the first request. Resolves once its headers are there and the files are made. */
async function ask(context: LeasedContext, question: Question, signal: AbortSignal): Promise<Begun> {
  const ready = deferred<Transfer>();
  const reading = readFirst(context, question, ready.resolve, signal);
  reading.catch(ready.reject);
  const transfer = await ready.promise;
  const isContinued = transfer === question.resumed;
  const index = isContinued ? partAt(transfer.ledger.plan, question.range?.start ?? 0) : 0;
  const isWhole = question.resumed !== undefined && !isContinued;
  const done = completeFirstPart(transfer, index, isWhole, reading, signal);
  done.catch(() => undefined); // whoever takes the transfer is told
  return { transfer, first: { index, isWhole, done } };
}

async function readFirst(
  context: LeasedContext,
  question: Question,
  onReady: (transfer: Transfer) => void,
  signal: AbortSignal,
): Promise<void> {
  const { budget, limits, reader } = context.deps;
  const { range, validator } = question;
  let writer: RangeWriter | undefined;
  let preparing: Promise<RangeWriter> | undefined;
  const prepare = async (response: ReadResponse): Promise<RangeWriter> => {
    const transfer = await transferFor(context, question, response);
    const end = transfer.ledger.plan.sizeBytes;
    writer = new RangeWriter(
      transfer,
      response.kind === 'whole'
        ? { start: 0, end }
        : { start: range?.start ?? 0, end: Math.min(range?.end ?? end, end) },
    );
    onReady(transfer);
    return writer;
  };
  const sink: ReadSink = {
    onResponse: (response) => {
      requireUsable(context, question, response);
      preparing = prepare(response);
      preparing.catch(() => undefined); // awaited with the first chunk, or below
    },
    onChunk: (chunk) => {
      if (writer !== undefined) {
        return writer.push(chunk, signal);
      }
      const kept = Uint8Array.from(chunk);
      return preparing?.then((ready) => ready.push(kept, signal));
    },
  };
  const request = { ...defined({ range, validator }), stallTimeoutMs: limits().stallTimeoutMs };
  const permit = await budget.acquire(signal);
  try {
    await context.urls.use((url) => reader.read({ ...request, url }, sink, signal), signal);
  } finally {
    permit.dispose();
    await (await preparing)?.finish();
  }
  (await preparing)?.complete();
}

/** The transfer that an answer belongs to: the one that was kept, or a new one in its place. */
async function transferFor(
  context: LeasedContext,
  { range, partSizeBytes, resumed }: Question,
  response: ReadResponse,
): Promise<Transfer> {
  if (resumed !== undefined && response.kind === 'range') {
    return resumed;
  }
  if (resumed !== undefined) {
    context.deps.logger.log(
      'warn',
      `the object has changed, beginning anew with what the server sends: ${context.header.path}`,
    );
    await resumed.journal.close();
    await resumed.file.close();
    // This server knows ranges, so what a cut leaves of the stream can be asked for after it.
    return openTransfer(context, response, { end: Infinity, partSizeBytes });
  }
  return openTransfer(context, response, { end: range?.end ?? 0, partSizeBytes });
}

/** Whether a download can be made of this answer. */
function requireUsable(
  { header }: LeasedContext,
  { range, expected, validator, resumed }: Question,
  { kind, object }: ReadResponse,
): void {
  if (resumed !== undefined) {
    requireSuccessor(expected, kind, object);
  }
  if (kind === 'range' || validator?.kind !== 'ifRange') {
    // after If-Range the whole object may be a new one, and welcome
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
 * What was kept is given up only for an object that plainly is its successor: it has the same kind of validator, with
 * another value. The page of a portal has none.
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

/**
 * After a cut the first part goes on like any other, and so it does where the parts turned out larger than what was
 * asked for; what a whole object lacks then is left to be asked for by parts.
 */
async function completeFirstPart(
  transfer: Transfer,
  index: number,
  isWhole: boolean,
  reading: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, object, deps } = transfer;
  try {
    await reading;
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
