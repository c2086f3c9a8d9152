import type { ObjectRef } from '../../oss/model.ts';
import type { DownloadSnapshot } from '../model.ts';
import { type BatchFailure, failureOf } from './batchFailure.ts';
import type { BatchLedger } from './batchLedger.ts';
import type { BatchSnapshot } from './batchModel.ts';
import type { PassLine, TakeLine } from './batchRecord.ts';

/** An object of a batch that did not become a file. */
export interface ReportedObject {
  /** All but the first are skipped: the file that is there is kept; the user cancelled it; it stands for an empty folder that could not be made; it is archived and left out. */
  readonly outcome: 'failed' | 'kept' | 'cancelled' | 'notMade' | 'archived';
  readonly object: ObjectRef;
  /** Absolute; absent where none was decided on. */
  readonly path?: string;
  readonly sizeBytes?: number;
  /** Why it failed, or could not be made. */
  readonly failure?: BatchFailure;
}

/** What a batch came to. What was downloaded is only counted: there may be a million of them. Plain data. */
export interface BatchReport {
  readonly batch: BatchSnapshot;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  /** All that failed, and of what was skipped the first thousand. */
  readonly objects: readonly ReportedObject[];
  /** Objects that were skipped and are not among `objects`. */
  readonly unlisted: number;
}

/** @param downloads those of the batch that the engine has just now */
export function batchReport(
  batch: BatchSnapshot,
  ledger: BatchLedger,
  downloads: readonly DownloadSnapshot[],
): BatchReport {
  const byPath = new Map(downloads.map((download) => [download.path, download]));
  const failed = ledger.pending.flatMap((item): readonly ReportedObject[] => {
    // Of what was refused the path is only what it would have been.
    const download = item.refused === undefined ? byPath.get(item.path) : undefined;
    const failure = failureIn(item, download, batch.state.kind === 'finished');
    const sizeBytes = item.size ?? download?.bytesTotal;
    return failure === undefined
      ? []
      : [
          {
            outcome: 'failed',
            object: ledger.refOf(item),
            path: item.path,
            failure,
            ...(sizeBytes === undefined ? {} : { sizeBytes }),
          },
        ];
  });
  return {
    batch,
    createdMs: ledger.header.createdMs,
    objects: [...failed, ...ledger.skips.map((line) => skipped(ledger, line))],
    unlisted: batch.skipped + batch.archived - ledger.skips.length,
  };
}

/** Undefined for an object that is still to come, or under way. */
function failureIn(
  { failed, refused }: TakeLine,
  download: DownloadSnapshot | undefined,
  isFinished: boolean,
): BatchFailure | undefined {
  if (download !== undefined && download.state.kind !== 'failed') {
    return undefined;
  }
  const recorded = failed ?? (refused === undefined ? undefined : { code: refused, details: {} });
  if (download?.state.kind === 'failed') {
    const now = failureOf(download.state.error);
    // After a restart the engine knows no more than the code.
    return recorded?.code === now.code && Object.keys(now.details).length === 0 ? recorded : now;
  }
  return recorded ?? (isFinished ? { code: 'internal', details: {} } : undefined);
}

function skipped(ledger: BatchLedger, line: PassLine): ReportedObject {
  const { path, size, failed, cancelled, why } = line;
  return {
    outcome: why === 'archived' ? why : failed !== undefined ? 'notMade' : cancelled === true ? 'cancelled' : 'kept',
    object: ledger.refOf(line),
    ...(path === undefined ? {} : { path }),
    ...(size === undefined ? {} : { sizeBytes: size }),
    ...(failed === undefined ? {} : { failure: failed }),
  };
}
