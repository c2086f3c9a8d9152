import { AppError, toAppError } from '../base/errors.ts';
import { deferred } from '../base/deferred.ts';
import type { ByteRange } from '../oss/model.ts';
import type { ReadResponse, ReadSink, Validator } from '../oss/objectReader.ts';
import type { ObjectIdentity } from './checkpointHeader.ts';
import { PartFile, partPathOf } from './partFile.ts';
import { PartLedger } from './partLedger.ts';
import { firstPartBytes, planOf, planParts } from './plan.ts';
import { RangeWriter } from './rangeWriter.ts';
import { downloadPart, downloadWhole, retrying } from './partDownload.ts';
import { requireSameObject, type Session, type Transfer, validatorOf } from './transfer.ts';

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
  readonly expected: Partial<ObjectIdentity>;
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
  const { known } = session.header;
  if (known === undefined) {
    return blindQuestion(session);
  }
  const { sizeBytes, etag } = known;
  const { partSizeBytes } = planParts(sizeBytes, session.tools.limits().partSizeBytes);
  const validator = validatorOf({ etag });
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
  if (failure.code === 'object/changed' && asked.expected.sizeBytes !== undefined) {
    // The listing was old. Nothing is kept yet, so the object as it is now is the one to download.
    session.tools.logger.log('info', `the object changed since it was listed: ${session.header.path}`);
    return blindQuestion(session);
  }
  // 416: even the first byte is past the end.
  return failure.details.status === 416 && asked.range !== undefined ? { expected: {} } : undefined;
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
  let writer: RangeWriter | undefined;
  let preparing: Promise<RangeWriter> | undefined;
  const prepare = async (response: ReadResponse): Promise<RangeWriter> => {
    const transfer = await openTransfer(session, response, question);
    const sizeBytes = transfer.object.sizeBytes;
    writer = new RangeWriter(transfer, { start: 0, end: response.kind === 'whole' ? sizeBytes : Math.min(question.range?.end ?? sizeBytes, sizeBytes) });
    onReady(transfer);
    return writer;
  };
  const sink: ReadSink = {
    onResponse: (response) => {
      requireSameObject(question.expected, response.object);
      preparing = prepare(response);
      preparing.catch(() => undefined); // awaited with the first chunk, or below
    },
    onChunk: (chunk) => writer === undefined ? preparing?.then((ready) => ready.push(chunk)) : writer.push(chunk),
  };
  const { range, validator } = question;
  const request = { ...(range === undefined ? {} : { range }), ...(validator === undefined ? {} : { validator }), stallTimeoutMs: limits().stallTimeoutMs };
  const permit = await budget.acquire(signal);
  try {
    await session.urls.use((url) => reader.read({ ...request, url }, sink, signal), signal);
  } finally {
    permit.dispose();
    await (await preparing)?.finish();
  }
  (await preparing)?.requireComplete();
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

/** Makes the files of an object that has just become known. */
async function openTransfer(session: Session, response: ReadResponse, question: Question): Promise<Transfer> {
  const { header, tools, observer } = session;
  const object = identityOf(response, question, tools.limits().partSizeBytes);
  const ledger = new PartLedger(planOf(object.sizeBytes, object.partSizeBytes));
  const partPath = partPathOf(header.path);
  const file = await PartFile.create(partPath, object.sizeBytes);
  try {
    const journal = await tools.store.start({ ...header, object }, [{ kind: 'started' }]);
    if (object.versionId !== undefined) {
      session.urls.pin(object.versionId);
    }
    observer.onSize(object.sizeBytes, 0);
    return { ...session, object, ledger, file, journal };
  } catch (error) {
    await file.close();
    await PartFile.discard(partPath);
    throw error;
  }
}

function identityOf({ kind, object }: ReadResponse, question: Question, partSize: number | 'auto'): ObjectIdentity {
  const { sizeBytes, etag, lastModified, crc64, versionId } = object;
  if (sizeBytes === undefined) {
    throw new AppError('server/unexpectedAnswer', 'the server does not say how long the object is');
  }
  return {
    sizeBytes,
    partSizeBytes: planParts(sizeBytes, partSize).partSizeBytes,
    // a small object may come whole from a server that knows ranges
    ranges: kind === 'range' || sizeBytes <= (question.range?.end ?? 0),
    ...(etag === undefined ? {} : { etag }),
    ...(lastModified === undefined ? {} : { lastModified }),
    ...(crc64 === undefined ? {} : { crc64 }),
    ...(versionId === undefined ? {} : { versionId }),
  };
}
