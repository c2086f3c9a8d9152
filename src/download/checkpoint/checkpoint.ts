import { defined } from '../../base/defined.ts';
import { crc32 } from 'node:zlib';
import { assertNever, AppError, errorCodes } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import { formatHeader, parseHeader } from './checkpointHeader.ts';
import type { CheckpointHeader } from './checkpointHeader.ts';
import type { Verification } from '../downloadState.ts';
import { noSeal } from '../files/fileSeal.ts';

/** Bytes of a part that are on disk, counted from its start, and their CRC-64. */
export interface PartRecord {
  readonly kind: 'part';
  /** 0-based. */
  readonly index: number;
  readonly bytesDone: number;
  readonly crc64: bigint;
}

/**
 * State change of the download. `started`: a session started, and may end without a further record. `stopped`,
 * `failed`: the session ended and recorded all its writes; `seal` is that of the part file, or `noSeal` (see
 * fileSeal.ts). `committing`: every byte is verified, the rename is next.
 */
export type StateRecord =
  | { readonly kind: 'started' }
  | { readonly kind: 'stopped'; readonly reason: 'paused' | 'interrupted'; readonly seal: bigint }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly canResume: boolean; readonly seal: bigint }
  | { readonly kind: 'committing' }
  | { readonly kind: 'finished'; readonly verified: Verification };

export type CheckpointRecord = PartRecord | StateRecord;

export interface Checkpoint {
  readonly header: CheckpointHeader;
  /** The last record of each part, by index. */
  readonly parts: ReadonlyMap<number, PartRecord>;
  /** The last state record; absent if there is none, or if a part record follows it. */
  readonly state?: StateRecord;
  /** Whether bytes after the last valid record were dropped. */
  readonly torn: boolean;
}

const magic = Buffer.from('OSSDLCP\n', 'latin1');
const formatVersion = 1;
const preludeBytes = 16;
const crcBytes = 4;
const recordBytes = 40;
const recordCrcAt = recordBytes - crcBytes;
const codeAt = 4;
const sealAt = 28;
const flagSet = 1;

/** Encodes a complete checkpoint file. Layout: docs/formats.md. */
export function encodeCheckpoint(header: CheckpointHeader, records: readonly CheckpointRecord[]): Buffer {
  const start = encodeHeader(header);
  return Buffer.concat([start, encodeRecords(records, headerCrc(start))]);
}

/** Encodes records to append. @param seed CRC of the header, see `recordSeed`: records of other files are invalid */
export function encodeRecords(records: readonly CheckpointRecord[], seed: number): Buffer {
  const bytes = Buffer.alloc(records.length * recordBytes);
  const view = viewOf(bytes);
  records.forEach((record, index) => {
    const at = index * recordBytes;
    writeRecord(view, at, record);
    view.setUint32(at + recordCrcAt, recordCrc(bytes, at, seed), true);
  });
  return bytes;
}

/** CRC of the header, where the CRC of every record starts. */
export function recordSeed(header: CheckpointHeader): number {
  return headerCrc(encodeHeader(header));
}

/**
 * Decodes a checkpoint up to its first invalid record.
 * @throws AppError `checkpoint/newerVersion`: written by a newer version, must not be changed
 * @throws AppError `checkpoint/unreadable`: no valid header
 */
export function decodeCheckpoint(bytes: Buffer): Checkpoint {
  const headerEnd = checkedHeaderEnd(bytes);
  const header = parseHeader(bytes.toString('utf8', preludeBytes, headerEnd - crcBytes));
  const seed = bytes.readUInt32LE(headerEnd - crcBytes);
  const view = viewOf(bytes);
  const parts = new Map<number, PartRecord>();
  let state: StateRecord | undefined;
  let at = headerEnd;
  for (; at + recordBytes <= bytes.length; at += recordBytes) {
    const record =
      recordCrc(bytes, at, seed) === view.getUint32(at + recordCrcAt, true) ? readRecord(view, at) : undefined;
    if (record === undefined) {
      break;
    }
    if (record.kind === 'part') {
      parts.set(record.index, record);
      state = undefined;
    } else {
      state = record;
    }
  }
  return { header, parts, torn: at !== bytes.length, ...defined({ state }) };
}

/** One view for all records: one for each of 10,000, and the bigints that Buffer creates, are megabytes of garbage. */
function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

function recordCrc(bytes: Buffer, at: number, seed: number): number {
  return crc32(bytes.subarray(at, at + recordCrcAt), seed);
}

function encodeHeader(header: CheckpointHeader): Buffer {
  const json = Buffer.from(formatHeader(header), 'utf8');
  const bytes = Buffer.alloc(preludeBytes + json.length + crcBytes);
  magic.copy(bytes);
  bytes.writeUInt16LE(formatVersion, 8);
  bytes.writeUInt32LE(json.length, 12);
  json.copy(bytes, preludeBytes);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, -crcBytes)), bytes.length - crcBytes);
  return bytes;
}

function headerCrc(encoded: Buffer): number {
  return encoded.readUInt32LE(encoded.length - crcBytes);
}

/** Checks magic, length and CRC, which are the same in every version of the format, and then the version. */
function checkedHeaderEnd(bytes: Buffer): number {
  if (bytes.length < preludeBytes || !bytes.subarray(0, magic.length).equals(magic)) {
    throw new AppError('checkpoint/unreadable', 'checkpoint does not begin as one');
  }
  const end = preludeBytes + bytes.readUInt32LE(12) + crcBytes;
  if (end > bytes.length || crc32(bytes.subarray(0, end - crcBytes)) !== bytes.readUInt32LE(end - crcBytes)) {
    throw new AppError('checkpoint/unreadable', 'checkpoint header is cut or garbled');
  }
  const version = bytes.readUInt16LE(8);
  if (version !== formatVersion) {
    throw new AppError(
      'checkpoint/newerVersion',
      `checkpoint has a format that this version does not know: ${version}`,
    );
  }
  return end;
}

const kindNumbers = { part: 1, started: 2, stopped: 3, failed: 4, committing: 5, finished: 6 } as const;

function writeRecord(view: DataView, at: number, record: CheckpointRecord): void {
  view.setUint8(at, kindNumbers[record.kind]);
  switch (record.kind) {
    case 'part':
      view.setUint32(at + 4, record.index, true);
      view.setBigUint64(at + 8, BigInt(record.bytesDone), true);
      view.setBigUint64(at + 16, record.crc64, true);
      return;
    case 'started':
    case 'committing':
      return;
    case 'stopped':
      view.setUint8(at + 1, record.reason === 'paused' ? flagSet : 0);
      view.setBigUint64(at + sealAt, record.seal, true);
      return;
    case 'failed':
      view.setUint8(at + 1, record.canResume ? flagSet : 0);
      writeCode(view, at, record.code);
      view.setBigUint64(at + sealAt, record.seal, true);
      return;
    case 'finished':
      view.setUint8(at + 1, record.verified === 'crc64' ? flagSet : 0);
      return;
    default:
      assertNever(record);
  }
}

/** @returns undefined for a kind unknown to this version */
function readRecord(view: DataView, at: number): CheckpointRecord | undefined {
  const flag = view.getUint8(at + 1) === flagSet;
  switch (view.getUint8(at)) {
    case kindNumbers.part:
      return {
        kind: 'part',
        index: view.getUint32(at + 4, true),
        bytesDone: Number(view.getBigUint64(at + 8, true)),
        crc64: view.getBigUint64(at + 16, true),
      };
    case kindNumbers.started:
      return { kind: 'started' };
    case kindNumbers.stopped:
      return { kind: 'stopped', reason: flag ? 'paused' : 'interrupted', seal: view.getBigUint64(at + sealAt, true) };
    case kindNumbers.failed:
      return { kind: 'failed', code: readCode(view, at), canResume: flag, seal: view.getBigUint64(at + sealAt, true) };
    case kindNumbers.committing:
      return { kind: 'committing' };
    case kindNumbers.finished:
      return { kind: 'finished', verified: flag ? 'crc64' : 'size' };
    default:
      return undefined;
  }
}

/** @throws Error if the code does not fit: cut off, it would be read as another error */
function writeCode(view: DataView, at: number, code: ErrorCode): void {
  const field = codeField(view, at);
  if (code.length > field.length) {
    throw new Error(`the error code ${code} has ${code.length} bytes, a checkpoint record holds ${field.length}`);
  }
  field.write(code, 'latin1');
}

function readCode(view: DataView, at: number): ErrorCode {
  const written = codeField(view, at).toString('latin1').replaceAll('\0', '');
  return errorCodes.find((code) => code === written) ?? 'internal';
}

function codeField({ buffer, byteOffset }: DataView, at: number): Buffer {
  return Buffer.from(buffer, byteOffset + at + codeAt, sealAt - codeAt);
}

/** Seal of the part file by the last session; `noSeal` if that session did not end properly. */
export function sealIn({ state, torn }: Checkpoint): bigint {
  return !torn && (state?.kind === 'stopped' || state?.kind === 'failed') ? state.seal : noSeal;
}
