import { readFile } from 'node:fs/promises';
import { toAppError } from '../../base/errors.ts';
import type { ErrorCode } from '../../base/errors.ts';
import type { RemoteObject } from '../../oss/objectReader.ts';
import { blockBytes } from './blockPool.ts';
import type { CheckpointHeader } from '../checkpoint/checkpointHeader.ts';
import type { Verification } from '../downloadState.ts';
import { onDisk } from '../files/disk.ts';
import { MemoryReading, verifyBytes } from './memoryReading.ts';
import { ownPartPathOf } from '../files/partPath.ts';
import { retrying } from './fetchPart.ts';
import { lstatOrUndefined, PartFile } from '../files/partFile.ts';
import type { TransferContext } from './transfer.ts';
import { learnValidator } from './validators.ts';

/** What the usual way finds out more about, and perhaps knows a remedy for. */
const leftToTheUsualWay: readonly ErrorCode[] = [
  'object/changed',
  'object/corrupt',
  'range/notHonoured',
  'disk/missing',
];

/** Of which nobody will ever need a half: one request brings it, and it fits into memory. */
export function isSmall({ batch, known, source }: CheckpointHeader): boolean {
  return (
    batch !== undefined &&
    source.kind === 'oss' &&
    known !== undefined &&
    known.sizeBytes <= blockBytes &&
    learnValidator('oss', known)?.kind === 'ifMatch'
  );
}

/**
 * Downloads a small object of a batch: one request, proven in memory, written to a file that only this process knows
 * of, synced and renamed. There is nothing to go on with and nothing that two could write to, so it needs neither a
 * checkpoint nor a lease; that the object was begun is in the batch's record.
 * @returns undefined when it is to be downloaded the usual way: it is another object than was listed, or its bytes are
 * not right
 * @throws AppError of the last attempt, `disk/*`
 */
export async function downloadSmall(context: TransferContext, signal: AbortSignal): Promise<Verification | undefined> {
  const { blocks, crc64, logger } = context.deps;
  try {
    const { block, bytes, object } = await retrying(
      context,
      () => 0,
      () => receive(context, signal),
      signal,
    );
    try {
      const verified = verifyBytes(bytes, object, crc64);
      await place(context, bytes, object, signal);
      return verified;
    } finally {
      blocks.giveBack(block);
    }
  } catch (error) {
    const { code, message } = toAppError(error);
    if (signal.aborted || !leftToTheUsualWay.includes(code)) {
      throw error;
    }
    logger.log('info', `not in one go, ${code}, ${message}: ${context.header.path}`);
    context.observer.onSize(context.header.known?.sizeBytes, 0);
    return undefined;
  }
}

interface Received {
  /** To be given back. */
  readonly block: Buffer;
  /** A part of it. */
  readonly bytes: Uint8Array;
  readonly object: RemoteObject;
}

async function receive({ deps, header, urls, observer }: TransferContext, signal: AbortSignal): Promise<Received> {
  const { known = { sizeBytes: 0, etag: '' } } = header;
  const { bandwidth, blocks, budget, limits, reader } = deps;
  const permit = await budget.acquire(signal);
  const block = blocks.take();
  let received = 0;
  const onChunk = (chunk: Uint8Array, offset: number): void | Promise<void> => {
    // Not by `blocks.copy`: each small object leaves enough garbage for buffers to be collected in time.
    block.set(chunk, offset);
    received += chunk.length;
    budget.received(chunk.length);
    observer.onBytes(chunk.length);
    return bandwidth.take(chunk.length, signal);
  };
  const reading = new MemoryReading({
    known,
    bytes: known.sizeBytes,
    stallTimeoutMs: limits().stallTimeoutMs,
    onChunk,
  });
  try {
    await urls.use((url) => reader.read({ ...reading.request, url }, reading, signal), signal);
    return { block, bytes: block.subarray(0, known.sizeBytes), object: reading.finish() };
  } catch (error) {
    observer.onBytes(-received);
    blocks.giveBack(block);
    throw error;
  } finally {
    permit.dispose();
  }
}

async function place(
  { header }: TransferContext,
  bytes: Uint8Array,
  { lastModified }: RemoteObject,
  signal: AbortSignal,
): Promise<void> {
  const path = ownPartPathOf(header.path);
  const file = await PartFile.createAt(path);
  try {
    await file.writeAt(bytes, 0);
    if (header.preserveModified === true) {
      await file.setModified(lastModified);
    }
    await file.sync(signal);
    await file.commitOwn(header.path, header.overwrite);
  } catch (error) {
    await file.close();
    await PartFile.discard(path);
    if (toAppError(error).code !== 'disk/targetExists' || !(await holds(header.path, bytes))) {
      throw error;
    }
    // a crash came between the rename and the record
  }
}

async function holds(path: string, bytes: Uint8Array): Promise<boolean> {
  const there = await lstatOrUndefined(path);
  return (
    there?.isFile() === true && there.size === bytes.length && (await onDisk(path, () => readFile(path))).equals(bytes)
  );
}
