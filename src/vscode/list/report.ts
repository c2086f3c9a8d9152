import { defined } from '../../base/defined.ts';
import type { BatchFailure } from '../../download/batchModel.ts';
import type { ErrorRecord } from '../../base/errors.ts';
import { redact } from '../../base/redact.ts';
import type { BatchState, BatchReport, ReportedObject } from '../../download/batchModel.ts';
import type { DownloadState } from '../../download/downloadState.ts';
import type { DownloadSnapshot } from '../../download/model.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import { objectSentence } from '../errors/errorTexts.ts';
import { visibleName } from '../ui/displayText.ts';
import type { Localizer } from '../ui/localizer.ts';

/** The reason of a failure, and the facts that Alibaba Cloud's support asks for. */
interface ReportedError {
  readonly code: string;
  readonly message: string;
  readonly httpStatus?: number;
  readonly ossCode?: string;
  readonly ec?: string;
  readonly requestId?: string;
}

interface ReportedItem extends Partial<ReportedError> {
  readonly state: 'failed' | 'skipped';
  /** `oss://bucket/key` */
  readonly object: string;
  readonly key: string;
  readonly versionId?: string;
  readonly path?: string;
  readonly sizeBytes?: number;
}

export interface ReportedBatch extends Partial<ReportedError> {
  readonly label: string;
  readonly folder: string;
  /** ISO 8601. */
  readonly began: string;
  readonly state: BatchState['kind'];
  /** Whether the listing is complete, so `found` is final. */
  readonly isListed: boolean;
  readonly found: number;
  readonly done: number;
  readonly failed: number;
  readonly skipped: number;
  /** Number of skipped objects missing from `objects`. */
  readonly unlisted: number;
  readonly bytesDone: number;
  readonly bytesFound: number;
  /** Failed and skipped objects; downloaded ones are only counted. */
  readonly objects: readonly ReportedItem[];
}

/** A download outside of any batch. */
export interface ReportedDownload extends Partial<ReportedError> {
  /** `oss://bucket/key`, or a URL without its query. */
  readonly object: string;
  readonly path: string;
  readonly state: DownloadState['kind'];
  readonly bytesDone: number;
  readonly sizeBytes?: number;
}

/** A report; its property names are those of the JSON and the CSV columns. Contains no secrets. */
export interface Report {
  /** ISO 8601. */
  readonly created: string;
  readonly batches: readonly ReportedBatch[];
  readonly downloads: readonly ReportedDownload[];
}

export function reportOf(
  batches: readonly BatchReport[],
  downloads: readonly DownloadSnapshot[],
  nowMs: number,
  l10n: Localizer,
): Report {
  return {
    created: new Date(nowMs).toISOString(),
    batches: batches.map((batch) => reportedBatch(batch, l10n)),
    downloads: downloads.map((download) => reportedDownload(download, l10n)),
  };
}

function reportedBatch({ batch, createdMs, objects, unlisted }: BatchReport, l10n: Localizer): ReportedBatch {
  const { label, folder, state, isListed, found, foundBytes, done, bytesDone, failed, skipped, archived } = batch;
  return {
    label,
    folder,
    began: new Date(createdMs).toISOString(),
    state: state.kind,
    isListed,
    found,
    done,
    failed,
    skipped: skipped + archived,
    unlisted,
    bytesDone,
    bytesFound: foundBytes,
    ...(state.kind === 'failed'
      ? reportedError(state.error, label, l10n)
      : unlisted > 0
        ? { message: l10n.t('{0} more objects were skipped. They are counted here, but not listed.', unlisted) }
        : {}),
    objects: objects.map((object) => reportedItem(object, l10n)),
  };
}

function reportedItem({ outcome, object, path, sizeBytes, failure }: ReportedObject, l10n: Localizer): ReportedItem {
  const label = formatOssPath(object);
  return {
    state: outcome === 'failed' ? 'failed' : 'skipped',
    object: label,
    key: object.key,
    ...defined({ versionId: object.versionId, path, sizeBytes }),
    ...(failure === undefined ? { message: skipSentence(outcome, l10n) } : reportedError(failure, label, l10n)),
  };
}

function skipSentence(outcome: ReportedObject['outcome'], l10n: Localizer): string {
  if (outcome === 'archived') {
    return l10n.t('Archived, and left out.');
  }
  return outcome === 'cancelled' ? l10n.t('Cancelled') : l10n.t('The file that is already there is kept.');
}

function reportedDownload(
  { label, path, state, bytesDone, bytesTotal }: DownloadSnapshot,
  l10n: Localizer,
): ReportedDownload {
  return {
    object: label,
    path,
    state: state.kind,
    bytesDone,
    ...defined({ sizeBytes: bytesTotal }),
    ...(state.kind === 'failed' ? reportedError(state.error, label, l10n) : {}),
  };
}

function reportedError(error: BatchFailure | ErrorRecord, label: string, l10n: Localizer): ReportedError {
  const { status, ossCode, ec, requestId } = error.details;
  return {
    code: error.code,
    // Errors contain no secrets; redaction is a second barrier.
    message: redact(objectSentence(error, visibleName(label), l10n)),
    ...defined({ httpStatus: status, ossCode, ec, requestId }),
  };
}

/** Columns, named like the JSON properties and never localized, for programs. */
const columns = [
  'record',
  'label',
  'folder',
  'began',
  'state',
  'found',
  'done',
  'failed',
  'skipped',
  'unlisted',
  'bytesDone',
  'bytesFound',
  'object',
  'key',
  'versionId',
  'path',
  'sizeBytes',
  'code',
  'message',
  'httpStatus',
  'ossCode',
  'ec',
  'requestId',
] as const;

type Row = { readonly record: 'batch' | 'object' | 'download' } & Readonly<
  Partial<Record<(typeof columns)[number], string | number>>
>;

/** Serializes a report: JSON for a file name with that extension, else CSV. */
export function reportBytes(report: Report, fileName: string): Uint8Array {
  return new TextEncoder().encode(
    /\.json$/i.test(fileName) ? `${JSON.stringify(report, undefined, 2)}\n` : reportCsv(report),
  );
}

/**
 * One table: a row for each batch with its numbers, for each of its failed or skipped objects, and for each download
 * outside of any batch.
 * @see RFC 4180; Excel needs the byte order mark to recognize UTF-8
 */
export function reportCsv({ batches, downloads }: Report): string {
  const rows: readonly Row[] = [
    ...batches.flatMap(batchRows),
    ...downloads.map((download) => ({ record: 'download' as const, ...download })),
  ];
  const lines = [columns.join(','), ...rows.map((row) => columns.map((column) => cell(row[column])).join(','))];
  return `\uFEFF${lines.map((line) => `${line}\r\n`).join('')}`;
}

function batchRows(batch: ReportedBatch): readonly Row[] {
  return [
    { record: 'batch', ...batch },
    ...batch.objects.map((object) => ({ record: 'object' as const, label: batch.label, ...object })),
  ];
}

/**
 * Quotes a cell. An apostrophe disarms texts that a spreadsheet would run as a formula: object keys are untrusted.
 * @see OWASP, CSV Injection: https://owasp.org/www-community/attacks/CSV_Injection
 */
function cell(value: string | number | undefined): string {
  if (value === undefined) {
    return '';
  }
  if (typeof value === 'number') {
    return String(value);
  }
  const harmless = /^[=+\-@\t\r\n＝＋－＠]/u.test(value) ? `'${value}` : value;
  return `"${harmless.replaceAll('"', '""')}"`;
}
