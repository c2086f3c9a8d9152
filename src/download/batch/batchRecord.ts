import { defined } from '../../base/defined.ts';
import type { BatchFailure } from '../batchModel.ts';
import * as v from 'valibot';
import { crc32 } from 'node:zlib';
import { AppError, errorCodes } from '../../base/errors.ts';
import { conflictPolicies } from '../batchModel.ts';
import type { ErrorRecord } from '../../base/errors.ts';
import { invalidNameRules } from '../model.ts';

/**
 * The record of a batch: lines of text, each `<CRC-32 of the JSON, 8 hex digits> <JSON>\n`. The first is the header,
 * every other says one thing that happened. A line that is torn or garbled and all behind it are dropped. Layout:
 * docs/formats.md.
 */
const version = 1;

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const bucketEntries = { profile: text, bucket: text, region: v.exactOptional(text) };
const into = v.array(text);
const policy = v.picklist(conflictPolicies);

const optionalText = v.exactOptional(text);

/**
 * How the last try of an object ended, as the record of a batch keeps it: what a report and Alibaba Cloud's support
 * need.
 */
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
  /** Handed over to the engine; written before that happens. `etag` only where it is that of the bytes. */
  v.object({
    t: v.literal('take'),
    n: count,
    source: count,
    key: text,
    path: text,
    overwrite: v.boolean(),
    size: v.exactOptional(count),
    etag: v.exactOptional(text),
    /** No path could be found for it: `path` is only what it would have been. */
    refused: v.exactOptional(v.picklist(errorCodes)),
    /** How its last try ended; written when it is known, as the same line again. */
    failed: v.exactOptional(failureSchema),
  }),
  /** The file stands at its path; written before the engine forgets it. */
  v.object({ t: v.literal('done'), n: count, size: count }),
  /** The user gave it up; `kept`: when it was tried again a file was there, and is kept. */
  v.object({ t: v.literal('drop'), n: count, kept: v.exactOptional(v.literal(true)) }),
  /** Needs no download: an empty folder that was made, a file that is kept, or an archived object that is left out. */
  v.object({
    t: v.literal('pass'),
    source: count,
    key: text,
    why: v.picklist(['folder', 'skipped', 'archived']),
    path: v.exactOptional(text),
    size: v.exactOptional(count),
    /** Why an empty folder could not be made. */
    failed: v.exactOptional(failureSchema),
    /** It was dropped. */
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
  /** In place of all lines before it but the `take`s, and the `pass`es that a report names. */
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

/** @throws AppError `checkpoint/unreadable`, `checkpoint/newerVersion` for a header that cannot be followed */
export function decodeRecord(record: string): { readonly header: BatchHeader; readonly lines: readonly BatchLine[] } {
  const [first = '', ...rest] = record.split('\n');
  const header = readHeader(first);
  const lines: BatchLine[] = [];
  // What follows the last line feed is torn.
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

/** What a line holds; undefined where it is not as it was written. */
function intact(line: string): unknown {
  const json = line.slice(9);
  return line.slice(0, 8) === checksum(json) && line[8] === ' ' ? JSON.parse(json) : undefined;
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}

/** Without the message, which is for the log. */
export function failureOf({ code, details }: Pick<ErrorRecord, 'code' | 'details'>): BatchFailure {
  const { status, ossCode, requestId, ec, subject, endpoint } = details;
  return { code, details: { ...defined({ status, ossCode, requestId, ec, subject, endpoint }) } };
}
