import { defined } from '../../base/defined.ts';
import type { BatchFailure } from '../batchModel.ts';
import * as v from 'valibot';
import { crc32 } from 'node:zlib';
import { AppError, errorCodes } from '../../base/errors.ts';
import { conflictPolicies } from '../batchModel.ts';
import type { ErrorRecord } from '../../base/errors.ts';
import { invalidNameRules } from '../model.ts';

/**
 * Format version of a batch record: lines of text, each `<CRC-32 of the JSON, 8 hex digits> <JSON>\n`. The first is the
 * header, every other one event. An invalid line and all lines after it are dropped. Layout: docs/formats.md.
 */
const version = 1;

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const bucketEntries = { profile: text, bucket: text, region: v.exactOptional(text) };
const into = v.array(text);
const policy = v.picklist(conflictPolicies);

const optionalText = v.exactOptional(text);

/** Failure of the last attempt at an object, as a report and Alibaba Cloud's support need it. */
const failureSchema = v.object({
  code: v.picklist(errorCodes),
  details: v.object({
    status: v.exactOptional(v.number()),
    ossCode: optionalText,
    requestId: optionalText,
    ec: optionalText,
    subject: optionalText,
    endpoint: optionalText,
  }),
});

const headerSchema = v.object({
  version: v.literal(version),
  id: text,
  createdMs: v.number(),
  label: text,
  folder: text,
  conflict: policy,
  invalidNames: v.picklist(invalidNameRules),
  preserveModified: v.boolean(),
  leaveOutArchived: v.exactOptional(v.boolean()),
  sources: v.array(
    v.variant('kind', [
      v.object({ kind: v.literal('prefix'), bucket: v.object(bucketEntries), prefix: text, into }),
      v.object({
        kind: v.literal('object'),
        ref: v.object({ ...bucketEntries, key: text, versionId: v.exactOptional(text) }),
        known: v.exactOptional(v.object({ sizeBytes: count, etag: text })),
        modifiedMs: v.exactOptional(v.number()),
        isArchived: v.exactOptional(v.boolean()),
        into,
      }),
    ]),
  ),
});

const lineSchema = v.variant('t', [
  /** Submitted to the engine; written before that. `etag` only if it is that of the bytes. */
  v.object({
    t: v.literal('take'),
    n: count,
    source: count,
    key: text,
    path: text,
    overwrite: v.boolean(),
    size: v.exactOptional(count),
    etag: v.exactOptional(text),
    /** Rejected for lack of a valid path: `path` is then only for display. */
    refused: v.exactOptional(v.picklist(errorCodes)),
    /** Failure of the last attempt; added by writing the same line again. */
    failed: v.exactOptional(failureSchema),
  }),
  /** Completed; written before the engine forgets the download. */
  v.object({ t: v.literal('done'), n: count, size: count }),
  /** Cancelled by the user; `kept`: a retry found an existing file and kept it. */
  v.object({ t: v.literal('drop'), n: count, kept: v.exactOptional(v.literal(true)) }),
  /** Needs no download: an empty folder that was created, a file that is kept, or an archived object left out. */
  v.object({
    t: v.literal('pass'),
    source: count,
    key: text,
    why: v.picklist(['folder', 'skipped', 'archived']),
    path: v.exactOptional(text),
    size: v.exactOptional(count),
    /** Cause if an empty folder could not be created. */
    failed: v.exactOptional(failureSchema),
    /** From a `drop` line. */
    cancelled: v.exactOptional(v.literal(true)),
  }),
  /** The listing of a source is complete. */
  v.object({ t: v.literal('end'), source: count }),
  v.object({ t: v.literal('policy'), policy }),
  v.object({
    t: v.literal('state'),
    state: v.picklist(['running', 'paused', 'finished', 'failed']),
    code: v.exactOptional(v.picklist(errorCodes)),
  }),
  /** Replaces all lines before it except the `take`s, and the `pass`es that a report names. */
  v.object({
    t: v.literal('sum'),
    cursor: v.object({ source: count, key: v.exactOptional(text) }),
    found: count,
    foundBytes: count,
    done: count,
    doneBytes: count,
    skipped: count,
    archived: v.exactOptional(count),
    policy,
  }),
]);

export type BatchHeader = v.InferOutput<typeof headerSchema>;
export type BatchLine = v.InferOutput<typeof lineSchema>;
export type StateLine = Extract<BatchLine, { t: 'state' }>;
export type TakeLine = Extract<BatchLine, { t: 'take' }>;
export type PassLine = Extract<BatchLine, { t: 'pass' }>;

export function encodeRecord(header: BatchHeader, lines: readonly BatchLine[]): string {
  return encodeLine(header) + encodeLines(lines);
}

export function encodeLines(lines: readonly BatchLine[]): string {
  return lines.map(encodeLine).join('');
}

export function newBatchHeader(facts: Omit<BatchHeader, 'version'>): BatchHeader {
  return { version, ...facts };
}

/** @throws AppError `checkpoint/unreadable`, `checkpoint/newerVersion` for an unusable header */
export function decodeRecord(record: string): { readonly header: BatchHeader; readonly lines: readonly BatchLine[] } {
  const [first = '', ...rest] = record.split('\n');
  const header = readHeader(first);
  const lines: BatchLine[] = [];
  // Text after the last line feed is incomplete.
  for (const line of rest.slice(0, -1)) {
    const read = v.safeParse(lineSchema, intact(line));
    if (!read.success) {
      break;
    }
    lines.push(read.output);
  }
  return { header, lines };
}

function readHeader(line: string): BatchHeader {
  const json = intact(line);
  const read = v.safeParse(headerSchema, json);
  if (read.success) {
    return read.output;
  }
  const versioned = v.safeParse(v.object({ version: v.pipe(v.number(), v.gtValue(version)) }), json);
  throw versioned.success
    ? new AppError('checkpoint/newerVersion', `batch record of version ${versioned.output.version}`)
    : new AppError('checkpoint/unreadable', 'batch record is not what this program writes');
}

function encodeLine(value: BatchHeader | BatchLine): string {
  const json = JSON.stringify(value);
  return `${checksum(json)} ${json}\n`;
}

/** Value of a line; undefined if its checksum is wrong. */
function intact(line: string): unknown {
  const json = line.slice(9);
  return line.slice(0, 8) === checksum(json) && line[8] === ' ' ? JSON.parse(json) : undefined;
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}

/** Removes the message, which is only for the log. */
export function failureOf({ code, details }: Pick<ErrorRecord, 'code' | 'details'>): BatchFailure {
  const { status, ossCode, requestId, ec, subject, endpoint } = details;
  return { code, details: { ...defined({ status, ossCode, requestId, ec, subject, endpoint }) } };
}
