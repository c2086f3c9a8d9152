import type { Report, ReportedBatch } from './report.ts';

/** In the names of the JSON, and the same in every language, so that a program can read it. */
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

/** What a report is written as: JSON where the file's name says so, else CSV. */
export function reportBytes(report: Report, fileName: string): Uint8Array {
  return new TextEncoder().encode(
    /\.json$/i.test(fileName) ? `${JSON.stringify(report, undefined, 2)}\n` : reportCsv(report),
  );
}

/**
 * One table: a row for each batch with its numbers, one for each of its objects that failed or was skipped, one for each
 * download that belongs to no batch.
 * @see RFC 4180; the byte order mark in front is what makes Excel read UTF-8
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
 * Quoted. A text that a spreadsheet would take for a formula, and keys come from whoever may write to the bucket, gets an
 * apostrophe in front.
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
