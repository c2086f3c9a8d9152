import { defined } from '../../base/defined.ts';
import type { ReadResponse } from '../../oss/objectReader.ts';
import type { ObjectIdentity } from '../checkpoint/checkpointHeader.ts';
import { PartFile } from '../files/partFile.ts';
import { partPathOf } from '../files/partPath.ts';
import { PartProgress } from './partProgress.ts';
import { planOf, planParts } from './plan.ts';
import type { LeasedContext, Transfer } from './transfer.ts';
import { learnValidator } from './validators.ts';
import { toAppError } from '../../base/errors.ts';
import { sealIn } from '../checkpoint/checkpoint.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { checkClaims } from './checkClaims.ts';
import type { Verification } from '../downloadState.ts';

/** Facts about the first request that determine the plan. */
export interface PlanInput {
  /** End of the requested range; 0: no range was requested. */
  readonly end: number;
  /** Setting at the time of the request. */
  readonly partSizeBytes: number | 'auto';
}

/**
 * Creates the part file and checkpoint of a new download from the headers of its first response.
 * @throws AppError `disk/*`
 */
export async function openTransfer(
  context: LeasedContext,
  response: ReadResponse,
  asked: PlanInput,
): Promise<Transfer> {
  const { header, deps, observer } = context;
  const object = identityOf(context, response, asked);
  const partPath = partPathOf(header.path);
  const file = await PartFile.create(partPath, object.sizeBytes ?? 0);
  try {
    const journal = await deps.store.start({ ...header, object }, [{ kind: 'started' }]);
    if (object.versionId !== undefined) {
      context.urls.pin(object.versionId);
    }
    observer.onSize(object.sizeBytes, 0);
    const ledger =
      object.sizeBytes === undefined
        ? PartProgress.openEnded()
        : new PartProgress(planOf(object.sizeBytes, object.partSizeBytes, object.coarseParts));
    return { ...context, object, ledger, file, journal };
  } catch (error) {
    await file.close();
    await PartFile.discard(partPath);
    throw error;
  }
}

function identityOf({ header }: LeasedContext, { kind, object }: ReadResponse, asked: PlanInput): ObjectIdentity {
  const { sizeBytes, etag, lastModified, crc64, versionId } = object;
  const validator = learnValidator(header.source.kind, object);
  // A server with range requests may send a small object whole.
  const knowsRanges = sizeBytes !== undefined && (kind === 'range' || sizeBytes <= asked.end);
  const { partSizeBytes, coarseParts, partCount } = planParts(sizeBytes ?? 0, asked.partSizeBytes, asked.end);
  return {
    partSizeBytes,
    ...(coarseParts === partCount ? {} : { coarseParts }),
    ranges: knowsRanges && validator !== undefined,
    ...defined({ sizeBytes, validator, etag, lastModified, crc64, versionId }),
  };
}

/**
 * Loads the checkpoint of earlier sessions. Undefined if there is none or it is unreadable: the download then starts
 * from scratch.
 * @throws AppError `checkpoint/newerVersion`, `disk/*`
 */
export async function loadUsable({ header, deps }: LeasedContext): Promise<Checkpoint | undefined> {
  try {
    return await deps.store.load(header.id);
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code !== 'checkpoint/unreadable') {
      throw error;
    }
    deps.logger.log('warn', `starting from scratch, ${failure.message}: ${header.path}`);
    return undefined;
  }
}

/**
 * Resumes an earlier session. Undefined if nothing of it is usable: the download then starts from scratch. Unless the
 * part file is sealed, so that nothing has changed it since the session ended in order, every claimed byte is read back
 * and checked first.
 * @throws AppError `disk/*`
 * @throws `signal.reason` when aborted
 */
export async function resumeTransfer(
  context: LeasedContext,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<Transfer | undefined> {
  const { header, deps, observer } = context;
  const { object } = checkpoint.header;
  if (object === undefined) {
    return undefined;
  }
  if (object.sizeBytes === undefined || !object.ranges) {
    deps.logger.log('info', `the server sends the object only whole, starting from scratch: ${header.path}`);
    return undefined;
  }
  const ledger = PartProgress.from(planOf(object.sizeBytes, object.partSizeBytes, object.coarseParts), checkpoint);
  const file = await PartFile.reopen(partPathOf(header.path), object.sizeBytes);
  if (file === undefined) {
    deps.logger.log('warn', `the unfinished file is missing or replaced, starting from scratch: ${header.path}`);
    return undefined;
  }
  try {
    observer.onSize(object.sizeBytes, ledger.bytesDone);
    if (!(await file.isSealedBy(sealIn(checkpoint)))) {
      observer.onPhase('checking');
      await checkClaims(file, ledger, deps, observer, signal);
      observer.onPhase('transferring');
    }
    if (ledger.bytesDone === 0) {
      // Without kept bytes the current version of the object can be downloaded.
      await file.close();
      return undefined;
    }
    await file.requireSpace(object.sizeBytes, ledger.bytesDone);
    if (object.versionId !== undefined) {
      context.urls.pin(object.versionId);
    }
    const journal = await deps.store.start(checkpoint.header, [{ kind: 'started' }, ...ledger.claims()]);
    return { ...context, object, ledger, file, journal };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Finishes a commit that a crash interrupted: every byte was verified and synced, the rename had started.
 * @returns how the file at the final path was verified; undefined if the rename did not happen
 */
export async function finishCommit(
  { header, deps, observer }: LeasedContext,
  checkpoint: Checkpoint,
  signal: AbortSignal,
): Promise<Verification | undefined> {
  const { object } = checkpoint.header;
  if (checkpoint.state?.kind !== 'committing' || object?.sizeBytes === undefined) {
    return undefined;
  }
  const file = await PartFile.openCommitted(header.path, partPathOf(header.path), object.sizeBytes);
  if (file === undefined) {
    if (!header.overwrite && object.sizeBytes > 0) {
      await PartFile.removePlaceholder(header.path, partPathOf(header.path));
    }
    return undefined;
  }
  const ledger = PartProgress.from(planOf(object.sizeBytes, object.partSizeBytes, object.coarseParts), checkpoint);
  try {
    observer.onPhase('verifying');
    if (!ledger.complete || (await checkClaims(file, ledger, deps, observer, signal)) > 0) {
      return undefined;
    }
  } finally {
    await file.close();
  }
  await PartFile.discard(partPathOf(header.path));
  return object.crc64 === undefined ? 'size' : 'crc64';
}
