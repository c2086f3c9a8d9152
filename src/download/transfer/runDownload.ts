import { isAbort } from '../../base/abort.ts';
import { toAppError, toErrorRecord } from '../../base/errors.ts';
import type { AppError, ErrorRecord } from '../../base/errors.ts';
import { beginTransfer, continueTransfer } from './firstRequest.ts';
import type { StartedTransfer, FirstResponse } from './firstRequest.ts';
import type { CheckpointHeader } from '../checkpoint/checkpointHeader.ts';
import { isOfParts } from '../checkpoint/checkpointStore.ts';
import type { Ending } from '../checkpoint/checkpointStore.ts';
import type { Verification, WaitReason } from '../downloadState.ts';
import { fetchParts } from './fetchParts.ts';
import { noSeal } from '../files/fileSeal.ts';
import { PartFile } from '../files/partFile.ts';
import { partPathOf } from '../files/partPath.ts';
import { prove } from './prove.ts';
import { finishCommit, loadUsable, resumeTransfer } from './openTransfer.ts';
import { downloadSmall, isSmall } from './smallDownload.ts';
import type { DownloadObserver, EngineDeps, LeasedContext, TransferContext, Transfer } from './transfer.ts';
import { fixedUrl, SignedUrls } from './urlProvider.ts';
import type { UrlProvider } from './urlProvider.ts';

/** Reason to stop a session, as the `reason` of its signal. The files on disk stay. */
export class StopRequest extends Error {
  override readonly name = 'AbortError';
  readonly stop: 'pause' | 'interrupt';

  constructor(stop: StopRequest['stop']) {
    super(`download asked to ${stop}`);
    this.stop = stop;
  }
}

/** Result of a session. */
export type Outcome =
  | { readonly kind: 'completed'; readonly verified: Verification }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'waiting'; readonly reason: WaitReason }
  | { readonly kind: 'failed'; readonly error: ErrorRecord; readonly canResume: boolean };

/** A download to run: the header of its checkpoint, and its complete URL if only this process knows that. */
export interface DownloadJob {
  readonly header: CheckpointHeader;
  /** Whether this is the first session, so that nothing is on disk. */
  readonly isNew: boolean;
  readonly url?: string;
}

/** Give up after the object changed this often before the first byte was kept. */
const maxStarts = 5;

/**
 * Runs one session of a download, from the state on disk to the finished file, or until it is stopped.
 * Never throws: a failure is an outcome, and the bytes that have arrived are on disk and recorded.
 */
export async function runDownload(
  job: DownloadJob,
  deps: EngineDeps,
  observer: DownloadObserver,
  signal: AbortSignal,
): Promise<Outcome> {
  const { source } = job.header;
  try {
    return source.kind === 'oss'
      ? { kind: 'completed', verified: await runOwned(job, deps, observer, signal) }
      : await runFromUrl(job, deps, observer, signal);
  } catch (error) {
    if (isAbort(error, signal)) {
      return { kind: 'stopped' };
    }
    const failure = toAppError(error);
    const wait = waitReasonOf(failure, job.header);
    return wait === undefined
      ? { kind: 'failed', error: toErrorRecord(failure), canResume: true }
      : { kind: 'waiting', reason: wait };
  }
}

/**
 * Runs a download from a URL: the one entered in this window, then the stored one, since another window may have
 * received a newer one. Waits for a new URL when all have expired.
 */
async function runFromUrl(
  job: DownloadJob,
  deps: EngineDeps,
  observer: DownloadObserver,
  signal: AbortSignal,
): Promise<Outcome> {
  const { id, source } = job.header;
  const kept = (): Promise<string | undefined> =>
    source.kind === 'url' && source.secret ? deps.keptUrls.load(id, signal) : Promise.resolve(undefined);
  const plain = source.kind === 'url' && !source.secret ? source.url : undefined;
  const tried = new Set<string>();
  for (let url = job.url ?? plain ?? (await kept()); url !== undefined && !tried.has(url); url = await kept()) {
    tried.add(url);
    try {
      return { kind: 'completed', verified: await runOwned({ ...job, url }, deps, observer, signal) };
    } catch (error) {
      if (signal.aborted || toAppError(error).code !== 'auth/urlExpired') {
        throw error;
      }
    }
  }
  return { kind: 'waiting', reason: 'url' };
}

/** Runs a session: a small object directly (`downloadSmall`), any other under the lease of its part file. */
async function runOwned(
  job: DownloadJob,
  deps: EngineDeps,
  observer: DownloadObserver,
  signal: AbortSignal,
): Promise<Verification> {
  const { header } = job;
  const context = { deps, header, urls: urlsOf(job, deps), observer };
  if (job.isNew && isSmall(header)) {
    const verified = await recordFailure(context, () => downloadSmall(context, signal));
    if (verified !== undefined) {
      return verified;
    }
  }
  const lease = await deps.leases.acquire(partPathOf(header.path), signal);
  const owned = AbortSignal.any([signal, lease.lost]);
  const leased = { ...context, lease };
  try {
    const verified = await completeFile(leased, job.isNew, owned);
    if (header.batch === undefined) {
      await bestEffort(deps, () => recordFinished(leased, verified));
    } // a batch has its own record, and removes the checkpoint
    return verified;
  } finally {
    await lease.release();
  }
}

/** Completes the file from the state on disk; starts from scratch if the object changes before a byte was kept. */
async function completeFile(context: LeasedContext, isNew: boolean, signal: AbortSignal): Promise<Verification> {
  for (let start = 1; ; start += 1) {
    const opened = await open(context, isNew && start === 1, signal);
    if ('committed' in opened) {
      return opened.committed;
    }
    const { transfer, first } = opened;
    try {
      return await transferAndCommit(transfer, first, signal);
    } catch (error) {
      if (toAppError(error).code !== 'object/changed' || transfer.ledger.bytesDone > 0 || start >= maxStarts) {
        throw error;
      }
      context.deps.logger.log(
        'info',
        `the object changed before a byte of it was kept, starting from scratch: ${context.header.path}`,
      );
    }
  }
}

/** Runs the steps of a download whose files are open: fetch, verify, commit. Closes the files. */
async function transferAndCommit(
  transfer: Transfer,
  first: FirstResponse | undefined,
  signal: AbortSignal,
): Promise<Verification> {
  try {
    await fetchParts(transfer, first, signal);
    transfer.observer.onPhase('verifying');
    const verified = await prove(transfer, signal);
    transfer.observer.onPhase('verifying');
    await commit(transfer, signal);
    return verified;
  } catch (error) {
    await recordEnd(transfer, endingOf(error, transfer.header));
    throw error;
  } finally {
    await transfer.journal.close();
    await transfer.file.close();
  }
}

/**
 * Resumes from the files on disk, or starts; `committed` if an interrupted commit was all that was missing. Reads the
 * checkpoint, which may be large, once.
 */
async function open(
  context: LeasedContext,
  isNew: boolean,
  signal: AbortSignal,
): Promise<StartedTransfer | { readonly committed: Verification }> {
  const checkpoint = isNew ? undefined : await recordFailure(context, () => loadUsable(context));
  const committed = checkpoint && (await finishCommit(context, checkpoint, signal));
  return committed === undefined
    ? recordFailure(context, async () => {
        const resumed = checkpoint && (await resumeTransfer(context, checkpoint, signal));
        return resumed === undefined ? beginTransfer(context, signal) : continueTransfer(resumed, signal);
      })
    : { committed };
}

/**
 * Records why a step without open files failed, unless the lease was lost: then the checkpoint belongs to another
 * window.
 */
async function recordFailure<T>(
  { deps, header, lease }: TransferContext & Partial<LeasedContext>,
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (lease?.lost.aborted !== true) {
      await bestEffort(deps, () => deps.store.mark(header, endingOf(error, header)));
    }
    throw error;
  }
}

/** Syncs the file, records that the rename comes next, and renames it. */
async function commit({ header, object, file, ledger, journal, lease }: Transfer, signal: AbortSignal): Promise<void> {
  if (header.preserveModified === true) {
    await file.setModified(object.lastModified);
  }
  await file.sync(signal);
  await journal.flush({ kind: 'committing' });
  if (isOfParts(object)) {
    await journal.sync();
  }
  await file.commit(header.path, header.overwrite, ledger.plan.sizeBytes, () => lease.requireOwned());
}

/** Records the end of the download, in a checkpoint without parts. */
async function recordFinished({ header, deps }: LeasedContext, verified: Verification): Promise<void> {
  const checkpoint = await deps.store.load(header.id);
  await deps.store.save(checkpoint?.header ?? header, [{ kind: 'finished', verified }]);
}

/** Longest wait for the disk at the end of a session; on a slower disk the next session reads the claims back. */
const sealWaitMs = 150;

/**
 * Records how the session ended, unless the lease was lost: then the checkpoint belongs to another window. After a
 * failed sync all claims are withdrawn: the system reports the loss only once, so that neither a later sync nor reading
 * back would find it.
 */
async function recordEnd({ file, journal, ledger, lease, deps }: Transfer, ending: Ending): Promise<void> {
  if (lease.lost.aborted) {
    return;
  }
  const seal = await file.seal(sealWaitMs).catch((error: unknown) => {
    deps.logger.log('warn', `not sealed: ${toAppError(error).message}`);
    return noSeal;
  });
  await bestEffort(deps, async () => {
    if (file.hasLostWrites) {
      ledger.claims().forEach(({ index }) => journal.note({ kind: 'part', index, bytesDone: 0, crc64: 0n }));
    }
    await journal.flush({ ...ending, seal });
  });
}

/** Writes an optional record: without it the next session only checks more. Logs a failure. */
async function bestEffort(deps: EngineDeps, record: () => Promise<void>): Promise<void> {
  try {
    await record();
  } catch (error) {
    deps.logger.log('warn', `the checkpoint could not be written: ${toAppError(error).message}`);
  }
}

/** Maps an error to the event that the download waits for; undefined for a failure. */
function waitReasonOf({ code }: AppError, { source, awaitRestore }: CheckpointHeader): 'url' | 'restore' | undefined {
  if (source.kind === 'url') {
    return code === 'auth/urlExpired' ? 'url' : undefined;
  }
  return code === 'object/archived' && awaitRestore === true ? 'restore' : undefined;
}

function endingOf(error: unknown, header: CheckpointHeader): Ending {
  if (error instanceof StopRequest) {
    return { kind: 'stopped', reason: error.stop === 'pause' ? 'paused' : 'interrupted' };
  }
  const failure = toAppError(error);
  // A wait is no failure: after a restart it is offered for resuming like every interrupted download.
  return waitReasonOf(failure, header) === undefined
    ? { kind: 'failed', code: failure.code, canResume: true }
    : { kind: 'stopped', reason: 'interrupted' };
}

/** Removes part file and checkpoint. Requires the lease, and that no session runs. */
export async function discardFiles(header: CheckpointHeader, deps: EngineDeps): Promise<void> {
  await PartFile.discard(partPathOf(header.path));
  await deps.store.remove(header.id);
}

function urlsOf({ header, url }: DownloadJob, deps: EngineDeps): UrlProvider {
  const { source } = header;
  return source.kind === 'url' ? fixedUrl(url ?? source.url) : new SignedUrls(deps.signer, source.object, deps.clock);
}
