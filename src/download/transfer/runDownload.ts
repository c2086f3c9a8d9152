import { isAbort } from '../../base/abort.ts';
import { toAppError, toErrorRecord } from '../../base/errors.ts';
import type { AppError, ErrorRecord } from '../../base/errors.ts';
import { beginTransfer, continueTransfer } from './firstRequest.ts';
import type { Begun, FirstRequest } from './firstRequest.ts';
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
import { fixedUrl, SignedUrls } from './urlSource.ts';
import type { UrlSource } from './urlSource.ts';

/** Why a session is to end: the `reason` of its signal. Whatever it is, what is on disk stays. */
export class StopRequest extends Error {
  override readonly name = 'AbortError';
  readonly stop: 'pause' | 'interrupt';

  constructor(stop: StopRequest['stop']) {
    super(`download asked to ${stop}`);
    this.stop = stop;
  }
}

/** How a session ended. */
export type Outcome =
  | { readonly kind: 'completed'; readonly verified: Verification }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'waiting'; readonly reason: WaitReason }
  | { readonly kind: 'failed'; readonly error: ErrorRecord; readonly canResume: boolean };

/** A download to run: its checkpoint's header, and the URL where only this process knows all of it. */
export interface DownloadJob {
  readonly header: CheckpointHeader;
  /** Whether no session of it has run before, so that there is nothing on disk to look for. */
  readonly isNew: boolean;
  readonly url?: string;
}

/** An object that is replaced again and again while it is begun is given up. */
const maxBeginnings = 5;

/**
 * Runs one session of a download, from whatever is on disk to the finished file, or until it is stopped.
 * Never throws: every failure is an outcome, and what had arrived by then is on disk and recorded.
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
    const wait = waitFor(failure, job.header);
    return wait === undefined
      ? { kind: 'failed', error: toErrorRecord(failure), canResume: true }
      : { kind: 'waiting', reason: wait };
  }
}

/**
 * With the URL that was given in this window, else with the kept one: another window may have been given a newer one.
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

/** One session: in one go where that will do, else under the lease of its part file. */
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
    } // the batch's own record says it, and the checkpoint goes
    return verified;
  } finally {
    await lease.release();
  }
}

/** From whatever is there to the file at its final name. */
async function completeFile(context: LeasedContext, isNew: boolean, signal: AbortSignal): Promise<Verification> {
  for (let beginning = 1; ; beginning += 1) {
    const opened = await open(context, isNew && beginning === 1, signal);
    if ('placed' in opened) {
      return opened.placed;
    }
    const { transfer, first } = opened;
    try {
      return await transferAndPlace(transfer, first, signal);
    } catch (error) {
      if (toAppError(error).code !== 'object/changed' || transfer.ledger.bytesDone > 0 || beginning >= maxBeginnings) {
        throw error;
      }
      context.deps.logger.log(
        'info',
        `the object changed before a byte of it was kept, beginning anew: ${context.header.path}`,
      );
    }
  }
}

/** The steps of a download whose files are open. Closes them. */
async function transferAndPlace(
  transfer: Transfer,
  first: FirstRequest | undefined,
  signal: AbortSignal,
): Promise<Verification> {
  try {
    await fetchParts(transfer, first, signal);
    transfer.observer.onPhase('verifying');
    const verified = await prove(transfer, signal);
    transfer.observer.onPhase('verifying');
    await place(transfer, signal);
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
 * Goes on with what is on disk, or begins; there may be nothing left to do. The checkpoint, which may be large, is read
 * once.
 */
async function open(
  context: LeasedContext,
  isNew: boolean,
  signal: AbortSignal,
): Promise<Begun | { readonly placed: Verification }> {
  const checkpoint = isNew ? undefined : await recordFailure(context, () => loadUsable(context));
  const placed = checkpoint && (await finishCommit(context, checkpoint, signal));
  return placed === undefined
    ? recordFailure(context, async () => {
        const resumed = checkpoint && (await resumeTransfer(context, checkpoint, signal));
        return resumed === undefined ? beginTransfer(context, signal) : continueTransfer(resumed, signal);
      })
    : { placed };
}

/**
 * A failure of what has no files open leaves what is there as it is, and is noted beside it; not where it belongs to
 * somebody else.
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

/** Synced, recorded as about to be renamed, renamed. */
async function place({ header, object, file, ledger, journal, lease }: Transfer, signal: AbortSignal): Promise<void> {
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

/** The checkpoint of a finished download holds no parts any more. */
async function recordFinished({ header, deps }: LeasedContext, verified: Verification): Promise<void> {
  const checkpoint = await deps.store.load(header.id);
  await deps.store.save(checkpoint?.header ?? header, [{ kind: 'finished', verified }]);
}

/** A pause waits at most so long for the disk; on a slower one the next session reads the claims back. */
const sealWaitMs = 150;

/**
 * Leaves a checkpoint that says how the session ended; with the lease the checkpoint was lost, too. Claims are taken
 * back where the system could not bring what was written to the disk: it says so once and forgets it, so that neither a
 * later sync nor reading back would find the loss.
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

/** For records that are good to have: without them the next session looks more closely. */
async function bestEffort(deps: EngineDeps, record: () => Promise<void>): Promise<void> {
  try {
    await record();
  } catch (error) {
    deps.logger.log('warn', `could not be recorded: ${toAppError(error).message}`);
  }
}

/** What a download waits for that cannot go on for this reason; undefined for what is a failure. */
function waitFor({ code }: AppError, { source, awaitRestore }: CheckpointHeader): 'url' | 'restore' | undefined {
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
  // A wait is no failure: after a restart it is offered to go on like everything that was under way.
  return waitFor(failure, header) === undefined
    ? { kind: 'failed', code: failure.code, canResume: true }
    : { kind: 'stopped', reason: 'interrupted' };
}

/** Removes what a download has on disk. To be called under its lease, when no session runs. */
export async function discardFiles(header: CheckpointHeader, deps: EngineDeps): Promise<void> {
  await PartFile.discard(partPathOf(header.path));
  await deps.store.remove(header.id);
}

function urlsOf({ header, url }: DownloadJob, deps: EngineDeps): UrlSource {
  const { source } = header;
  return source.kind === 'url' ? fixedUrl(url ?? source.url) : new SignedUrls(deps.signer, source.object, deps.clock);
}
