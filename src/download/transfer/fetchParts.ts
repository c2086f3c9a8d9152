import type { FirstResponse } from './firstRequest.ts';
import { downloadPart } from './fetchPart.ts';
import type { Transfer } from './transfer.ts';

/**
 * Downloads all parts that are not on disk yet, as many at once as the connection budget allows.
 * The first failure after all retries stops the other parts; their bytes are kept.
 * @param first the response that is already arriving, see firstRequest.ts; undefined: none
 * @throws AppError of that failure
 * @throws `signal.reason` when aborted
 */
export async function fetchParts(
  transfer: Transfer,
  first: FirstResponse | undefined,
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

/** Starts all missing parts from index `from` on. Resolves when the last one has been started. */
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
