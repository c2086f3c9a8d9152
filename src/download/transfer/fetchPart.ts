import { defined } from '../../base/defined.ts';
import { AppError, toAppError } from '../../base/errors.ts';
import type { ByteRange } from '../../oss/model.ts';
import type { ReadSink } from '../../oss/objectReader.ts';
import { partRange } from './plan.ts';
import { RangeWriter } from './rangeWriter.ts';
import { withRetries } from './retry.ts';
import type { TransferContext, Transfer } from './transfer.ts';
import { requireProof, requireSameObject } from './validators.ts';

/**
 * Brings the missing rest of one part to disk, trying again where that can help and going on from what arrived.
 * @throws AppError of the last attempt
 * @throws `signal.reason` when aborted; what had arrived by then is on disk and claimed
 */
export async function downloadPart(transfer: Transfer, index: number, signal: AbortSignal): Promise<void> {
  const part = partRange(transfer.ledger.plan, index);
  await retrying(
    transfer,
    () => transfer.ledger.bytesOf(index),
    async () => {
      const missing = { start: part.start + transfer.ledger.bytesOf(index), end: part.end };
      if (missing.start < missing.end) {
        await readOnce(transfer, missing, signal);
      }
    },
    signal,
  );
}

/**
 * Brings the whole object to disk with one request, from a server that knows no ranges: every attempt begins anew.
 * @throws as `downloadPart` does
 */
export async function downloadWhole(transfer: Transfer, signal: AbortSignal): Promise<void> {
  await retrying(
    transfer,
    () => 0,
    async () => {
      transfer.observer.onBytes(-transfer.ledger.bytesDone);
      transfer.ledger.clearAll();
      await readOnce(transfer, undefined, signal);
    },
    signal,
  );
}

/** One attempt at one range of the object, or at all of it. */
async function readOnce(transfer: Transfer, range: ByteRange | undefined, signal: AbortSignal): Promise<void> {
  const { object, urls, deps } = transfer;
  // If-Range means nothing without a range
  const validator = range === undefined && object.validator?.kind === 'ifRange' ? undefined : object.validator;
  const writer = new RangeWriter(transfer, range ?? { start: 0, end: transfer.ledger.plan.sizeBytes });
  const request = { stallTimeoutMs: deps.limits().stallTimeoutMs, ...defined({ range, validator }) };
  const sink: ReadSink = {
    onResponse: (response) => {
      requireSameObject(object, response.object);
      requireProof(validator, response.object);
      if ((response.kind === 'range') !== (range !== undefined)) {
        throw new AppError('range/notHonoured', `the server did not send what was asked for but: ${response.kind}`, {
          retryable: true,
        });
      }
    },
    onChunk: (chunk) => writer.push(chunk, signal),
  };
  try {
    await urls.use((url) => deps.reader.read({ ...request, url }, sink, signal), signal);
  } catch (error) {
    throw signal.aborted ? error : asChange(toAppError(error));
  } finally {
    await writer.finish();
  }
  writer.complete();
}

/** A part of what was there lies past the end of what is there: it has become shorter. */
export function asChange(failure: AppError): AppError {
  return failure.details.status === 416
    ? new AppError('object/changed', 'the object has become shorter', { details: failure.details, cause: failure })
    : failure;
}

export interface RetryingContext {
  readonly deps: Pick<TransferContext['deps'], 'clock' | 'random' | 'limits' | 'budget' | 'logger'>;
}

/** The policy by which all requests of a session are repeated, and throttling is heeded. */
export async function retrying<T>(
  context: RetryingContext,
  progress: () => number,
  attempt: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const { clock, random, limits, budget, logger } = context.deps;
  return withRetries(
    {
      clock,
      random,
      progress,
      retries: () => limits().retries,
      onRetry: (failure, attemptNumber) => {
        if (failure.code === 'server/throttled' || failure.code === 'network/stalled') {
          budget.slowDown();
        }
        logger.log('debug', `trying again after attempt ${attemptNumber}, ${failure.code}: ${failure.message}`);
      },
    },
    attempt,
    signal,
  );
}
