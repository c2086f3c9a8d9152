import type { FirstRequest } from './firstRequest.ts';
import { downloadPart } from './fetchPart.ts';
import type { Transfer } from './transfer.ts';

/**
 * Fetches every part that is not on disk yet, as many at once as the connection budget grants.
 * The first failure that retries could not cure stops the others; what they had is kept.
 * @param first the part whose request is already under way, see `beginTransfer` and `continueTransfer`
 * @throws AppError of that failure
 * @throws `signal.reason` when aborted
 */
export async function fetchParts(
  transfer: Transfer,
  first: FirstRequest | undefined,
  signal: AbortSignal,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const running = new Set<Promise<void>>();
  const run = (work: Promise<void>): void => {
    const task = work.catch((error: unknown) => stop.abort(error)).finally(() => running.delete(task));
    running.add(task);
  };
  if (first !== undefined) {
    run(first.done);
  }
  if (first?.isWhole === true) {
    await Promise.all(running);
  }
  if (transfer.object.ranges && !either.aborted) {
    const from = first === undefined || first.isWhole ? 0 : first.index + 1;
    await startMissing(transfer, from, run, either).catch((error: unknown) => stop.abort(error));
  }
  await Promise.all(running);
  either.throwIfAborted();
}

/** Returns when the last part has been started. */
async function startMissing(
  transfer: Transfer,
  from: number,
  run: (work: Promise<void>) => void,
  signal: AbortSignal,
): Promise<void> {
  const { ledger, deps } = transfer;
  for (let index = from; index < ledger.plan.partCount; index += 1) {
    if (!ledger.isComplete(index)) {
      const permit = await deps.budget.acquire(signal);
      run(downloadPart(transfer, index, signal).finally(() => permit.dispose()));
    }
  }
}
