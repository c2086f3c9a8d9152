import { defined } from '../../base/defined.ts';
import type { ReadResponse } from '../../oss/objectReader.ts';
import type { ObjectIdentity } from '../checkpoint/checkpointHeader.ts';
import { PartFile } from '../files/partFile.ts';
import { partPathOf } from '../files/partPath.ts';
import { PartLedger } from './partProgress.ts';
import { planOf, planParts } from './plan.ts';
import type { LeasedContext, Transfer } from './transfer.ts';
import { learnValidator } from './validators.ts';
import { toAppError } from '../../base/errors.ts';
import { sealIn } from '../checkpoint/checkpoint.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { checkClaims } from './checkClaims.ts';
import type { Verification } from '../downloadState.ts';

/** What the answer is one to. */
export interface Asked {
  /** Where the range of the request ended; 0 where it had none. */
  readonly end: number;
  /** As the settings had it then. */
  readonly partSizeBytes: number | 'auto';
}

/**
 * Makes the files of an object that the first answer has just described.
 * @throws AppError `disk/*`
 */
export async function openTransfer(context: LeasedContext, response: ReadResponse, asked: Asked): Promise<Transfer> {
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
        ? PartLedger.openEnded()
        : new PartLedger(planOf(object.sizeBytes, object.partSizeBytes, object.coarseParts));
    return { ...context, object, ledger, file, journal };
  } catch (error) {
    await file.close();
    await PartFile.discard(partPath);
    throw error;
  }
}

function identityOf({ header }: LeasedContext, { kind, object }: ReadResponse, asked: Asked): ObjectIdentity {
  const { sizeBytes, etag, lastModified, crc64, versionId } = object;
  const validator = learnValidator(header.source.kind, object);
  // A small object may come whole from a server that knows ranges.
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
 * What earlier sessions recorded. Undefined where nothing is, or nothing of it can be read: then the download begins
 * anew.
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
    deps.logger.log('warn', `beginning anew, ${failure.message}: ${header.path}`);
    return undefined;
  }
}

/**
 * Takes up what an earlier session left. Undefined where nothing of it can be used; then the download begins anew.
 * Only claims that hold are believed: unless the last session ended in order and nothing has touched the file since,
 * every claimed byte is read back first.
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
    deps.logger.log('info', `the server sends it only as a whole, beginning anew: ${header.path}`);
    return undefined;
  }
  const ledger = PartLedger.from(planOf(object.sizeBytes, object.partSizeBytes, object.coarseParts), checkpoint);
  const file = await PartFile.reopen(partPathOf(header.path), object.sizeBytes);
  if (file === undefined) {
    deps.logger.log('warn', `the unfinished file is gone or is another one, beginning anew: ${header.path}`);
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
      // Nothing is kept, so the object may just as well be another one by now.
      await file.close();
      return undefined;
    }
    await file.requireSpace(object.sizeBytes - ledger.bytesDone);
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
 * Ends what was cut off in its last step: every byte was proven and synced, the rename had begun.
 * @returns how the file at the final path was proven; undefined where there is none that is this download's
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
  const file = await PartFile.openPlaced(header.path, partPathOf(header.path), object.sizeBytes);
  if (file === undefined) {
    return undefined;
  }
  const ledger = PartLedger.from(planOf(object.sizeBytes, object.partSizeBytes, object.coarseParts), checkpoint);
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
