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
 * Downloads the missing rest of one part to disk; a retry continues after the bytes that have arrived.
 * @throws AppError of the last attempt
 * @throws `signal.reason` when aborted; the bytes that have arrived are on disk and claimed
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
 * Downloads the whole object with one request, from a server without range requests: every attempt starts from scratch.
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

/** Makes one attempt to download a range, or the whole object. */
async function readOnce(transfer: Transfer, range: ByteRange | undefined, signal: AbortSignal): Promise<void> {
  const { object, urls, deps } = transfer;
  // If-Range has no meaning without a range
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

/** A 416 means that the object is shorter now: becomes `object/changed`. Other failures stay as they are. */
export function asChange(failure: AppError): AppError {
  return failure.details.status === 416
    ? new AppError('object/changed', 'the object has become shorter', { details: failure.details, cause: failure })
    : failure;
}

export interface RetryingContext {
  readonly deps: Pick<TransferContext['deps'], 'clock' | 'random' | 'limits' | 'budget' | 'logger'>;
}

/**
 * Runs `attempt` with the retry policy of all requests; throttling and stalls reduce the connections.
 * @param progress returns the bytes received so far, see `RetryPolicy`
 * @throws as `withRetries` does
 */
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
        logger.log('debug', `retrying after attempt ${attemptNumber}, ${failure.code}: ${failure.message}`);
      },
    },
    attempt,
    signal,
  );
}
