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

/** Errors that the regular path can diagnose further or repair. */
const handledByRegularPath: readonly ErrorCode[] = [
  'object/changed',
  'object/corrupt',
  'range/notHonoured',
  'disk/missing',
];

/** Whether an object is small enough to fetch in one request and to restart from scratch. */
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
 * Downloads a small object of a batch: one request, verified in memory, written to a file that only this process knows,
 * synced and renamed. It is never resumed and shares no file, so it needs neither a checkpoint nor a lease; the record
 * of the batch says that it was started. This path exists because it fetches 2,700 objects per second.
 * @returns undefined if the regular path must download it: it is not as listed, or its bytes are corrupt
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
      await commit(context, bytes, object, signal);
      return verified;
    } finally {
      blocks.giveBack(block);
    }
  } catch (error) {
    const { code, message } = toAppError(error);
    if (signal.aborted || !handledByRegularPath.includes(code)) {
      throw error;
    }
    logger.log('info', `using the regular path, ${code}, ${message}: ${context.header.path}`);
    context.observer.onSize(context.header.known?.sizeBytes, 0);
    return undefined;
  }
}

interface Received {
  /** Must be returned to the pool. */
  readonly block: Buffer;
  /** View of `block`. */
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

async function commit(
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
    if (toAppError(error).code !== 'disk/targetExists' || !(await fileEquals(header.path, bytes))) {
      throw error;
    }
    // a crash came between the rename and the record: the file is already committed
  }
}

async function fileEquals(path: string, bytes: Uint8Array): Promise<boolean> {
  const there = await lstatOrUndefined(path);
  return (
    there?.isFile() === true && there.size === bytes.length && (await onDisk(path, () => readFile(path))).equals(bytes)
  );
}
