import { AppError, toAppError } from '../base/errors.ts';
import { deferred } from '../base/deferred.ts';
import type { ByteRange } from '../oss/model.ts';
import type { ReadResponse, ReadSink, Validator } from '../oss/objectReader.ts';
import { openTransfer } from './openTransfer.ts';
import { downloadPart, downloadWhole, retrying } from './partDownload.ts';
import { firstPartBytes, planParts } from './plan.ts';
import { RangeWriter } from './rangeWriter.ts';
import type { Session, Transfer } from './transfer.ts';
import { learnValidator, type ObjectFacts, requireSameObject } from './validators.ts';

/** A download that has begun: its files are open, its first part is on the way. */
export interface Begun {
  readonly transfer: Transfer;
  /** Settles when the bytes that the first request was to bring are on disk, or cannot be had. */
  readonly first: Promise<void>;
}

/** What the first request asks for. Without a range: the whole object, answered as it comes. */
interface Question {
  readonly range?: ByteRange;
  readonly validator?: Validator;
  readonly expected: ObjectFacts;
}

/**
 * Begins a download of which nothing is kept. The first request is the probe: its headers tell size and version,
 * its body is the first part already. Resolves as soon as the files are there, while that body still flows.
 * @throws AppError of the last attempt, `disk/*`
 */
export async function beginTransfer(session: Session, signal: AbortSignal): Promise<Begun> {
  return retrying(session, () => 0, () => probe(session, signal), signal);
}

/** Asks; where the answer shows that the question was wrong, asks the next simpler one. */
async function probe(session: Session, signal: AbortSignal): Promise<Begun> {
  let question = firstQuestion(session);
  for (;;) {
    try {
      return await ask(session, question, signal);
    } catch (error) {
      const next = signal.aborted ? undefined : nextQuestion(session, question, toAppError(error));
      if (next === undefined) {
        throw error;
      }
      question = next;
    }
  }
}

function firstQuestion(session: Session): Question {
  const { known, source } = session.header;
  if (known === undefined) {
    return blindQuestion(session);
  }
  const { sizeBytes, etag } = known;
  const { partSizeBytes } = planParts(sizeBytes, session.tools.limits().partSizeBytes);
  const validator = learnValidator(source.kind, { etag });
  return {
    expected: { sizeBytes, etag },
    // An empty object has no range to ask for, and OSS answers one that reaches past the end with everything.
    ...(sizeBytes === 0 ? {} : { range: { start: 0, end: Math.min(partSizeBytes, sizeBytes) } }),
    ...(validator === undefined ? {} : { validator }),
  };
}

function blindQuestion(session: Session): Question {
  return { expected: {}, range: { start: 0, end: firstPartBytes(session.tools.limits().partSizeBytes) } };
}

function nextQuestion(session: Session, asked: Question, failure: AppError): Question | undefined {
  const { logger } = session.tools;
  if (failure.code === 'object/changed' && asked.expected.sizeBytes !== undefined) {
    // The listing was old. Nothing is kept yet, so the object as it is now is the one to download.
    logger.log('info', `the object changed since it was listed: ${session.header.path}`);
    return blindQuestion(session);
  }
  if (asked.range !== undefined && failure.code === 'range/notHonoured' && !failure.retryable) {
    // An empty object, of which not even the first byte can be asked for (416), or see `requireUsable`.
    logger.log('info', `asking for the whole object, ${failure.message}: ${session.header.path}`);
    return { expected: {} };
  }
  return undefined;
}

/** Sends the first request. Resolves once its headers are there and the files are made. */
async function ask(session: Session, question: Question, signal: AbortSignal): Promise<Begun> {
  const ready = deferred<Transfer>();
  const reading = readFirst(session, question, ready.resolve, signal);
  reading.catch(ready.reject);
  const transfer = await ready.promise;
  const first = goOn(transfer, reading, signal);
  first.catch(() => undefined); // whoever takes the transfer is told
  return { transfer, first };
}

async function readFirst(session: Session, question: Question, onReady: (transfer: Transfer) => void, signal: AbortSignal): Promise<void> {
  const { budget, limits, reader } = session.tools;
  const { range, validator } = question;
  let writer: RangeWriter | undefined;
  let preparing: Promise<RangeWriter> | undefined;
  const prepare = async (response: ReadResponse): Promise<RangeWriter> => {
    const transfer = await openTransfer(session, response, range?.end ?? 0);
    const end = transfer.ledger.plan.sizeBytes;
    writer = new RangeWriter(transfer, { start: 0, end: response.kind === 'whole' ? end : Math.min(range?.end ?? end, end) });
    onReady(transfer);
    return writer;
  };
  const sink: ReadSink = {
    onResponse: (response) => {
      requireUsable(session, question, response);
      preparing = prepare(response);
      preparing.catch(() => undefined); // awaited with the first chunk, or below
    },
    onChunk: (chunk) => writer === undefined ? preparing?.then((ready) => ready.push(chunk, signal)) : writer.push(chunk, signal),
  };
  const request = { ...(range === undefined ? {} : { range }), ...(validator === undefined ? {} : { validator }), stallTimeoutMs: limits().stallTimeoutMs };
  const permit = await budget.acquire(signal);
  try {
    await session.urls.use((url) => reader.read({ ...request, url }, sink, signal), signal);
  } finally {
    permit.dispose();
    await (await preparing)?.finish();
  }
  (await preparing)?.complete();
}

/** Whether a download can be made of this answer. */
function requireUsable({ header }: Session, { range, expected, validator }: Question, { kind, object }: ReadResponse): void {
  if (kind === 'range' || validator?.kind !== 'ifRange') {
    // after If-Range the whole object may be a new one, and welcome
    requireSameObject(expected, object);
  }
  if (header.source.kind === 'oss' && object.etag === undefined) {
    throw new AppError('server/unexpectedAnswer', 'the answer has no ETag, so it does not come from OSS', { retryable: true });
  }
  const isPiece = kind === 'range' && (object.sizeBytes === undefined || object.sizeBytes > (range?.end ?? 0));
  if (isPiece && (object.sizeBytes === undefined || learnValidator(header.source.kind, object) === undefined)) {
    throw new AppError('range/notHonoured', 'parts of it cannot be put together: the server does not say by what a change would show');
  }
}

/** After a cut the first part goes on like any other. */
async function goOn(transfer: Transfer, reading: Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await reading;
  } catch (error) {
    if (signal.aborted || !toAppError(error).retryable) {
      throw error;
    }
    const permit = await transfer.tools.budget.acquire(signal);
    try {
      await (transfer.object.ranges ? downloadPart(transfer, 0, signal) : downloadWhole(transfer, signal));
    } finally {
      permit.dispose();
    }
  }
}
