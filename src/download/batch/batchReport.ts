import { defined } from '../../base/defined.ts';
import type { BatchFailure } from '../batchModel.ts';
import type { DownloadSnapshot } from '../model.ts';
import { failureOf } from './batchRecord.ts';
import type { PassLine, TakeLine } from './batchRecord.ts';
import type { BatchLedger } from './batchLedger.ts';
import type { BatchSnapshot, ReportedObject, BatchReport } from '../batchModel.ts';

/** @param downloads of the batch that are in the engine now */
export function batchReport(
  batch: BatchSnapshot,
  ledger: BatchLedger,
  downloads: readonly DownloadSnapshot[],
): BatchReport {
  const byPath = new Map(downloads.map((download) => [download.path, download]));
  const failed = ledger.pending.flatMap((item): readonly ReportedObject[] => {
    // The path of a rejected object is only for display.
    const download = item.refused === undefined ? byPath.get(item.path) : undefined;
    const failure = failureIn(item, download, batch.state.kind === 'finished');
    const sizeBytes = item.size ?? download?.bytesTotal;
    return failure === undefined
      ? []
      : [{ outcome: 'failed', object: ledger.refOf(item), path: item.path, failure, ...defined({ sizeBytes }) }];
  });
  return {
    batch,
    createdMs: ledger.header.createdMs,
    objects: [...failed, ...ledger.skips.map((line) => skipped(ledger, line))],
    unlisted: batch.skipped + batch.archived - ledger.skips.length,
  };
}

/** @returns undefined for an object that is waiting or running */
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
    // After a restart the engine knows only the code.
    return recorded?.code === now.code && Object.keys(now.details).length === 0 ? recorded : now;
  }
  return recorded ?? (isFinished ? { code: 'internal', details: {} } : undefined);
}

function skipped(ledger: BatchLedger, line: PassLine): ReportedObject {
  const { path, size, failed, cancelled, why } = line;
  return {
    outcome: why === 'archived' ? why : failed !== undefined ? 'notMade' : cancelled === true ? 'cancelled' : 'kept',
    object: ledger.refOf(line),
    ...defined({ path, sizeBytes: size, failure: failed }),
  };
}
