import type { PartFile } from '../files/partFile.ts';
import type { PartProgress } from './partProgress.ts';
import { partRange } from './plan.ts';
import type { DownloadObserver, EngineDeps } from './transfer.ts';

const bufferBytes = 1024 * 1024;
const readers = 4;

/**
 * Reads back every claimed byte and drops the claims whose CRC-64 does not match.
 * @returns the number of dropped parts
 * @throws AppError `disk/*`
 * @throws `signal.reason` when aborted
 */
export async function checkClaims(
  file: PartFile,
  ledger: PartProgress,
  deps: Pick<EngineDeps, 'crc64' | 'logger'>,
  observer: Pick<DownloadObserver, 'onBytes'>,
  signal: AbortSignal,
): Promise<number> {
  let next = 0;
  let dropped = 0;
  const check = async (): Promise<void> => {
    const buffer = new Uint8Array(bufferBytes);
    while (next < ledger.plan.partCount) {
      const index = next;
      next += 1;
      const claimed = ledger.bytesOf(index);
      if (
        claimed > 0 &&
        (await crcOnDisk(file, partRange(ledger.plan, index).start, claimed, buffer, deps, signal)) !==
          ledger.crcOf(index)
      ) {
        deps.logger.log(
          'warn',
          `bytes on disk are not those that were written, fetching again: part ${index} of ${file.path}`,
        );
        observer.onBytes(-claimed);
        ledger.clear(index);
        dropped += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: readers }, check));
  return dropped;
}

/** Computes the CRC-64 of `bytes` bytes from `start` on, or of fewer if the file ends earlier. */
async function crcOnDisk(
  file: PartFile,
  start: number,
  bytes: number,
  buffer: Uint8Array,
  { crc64 }: Pick<EngineDeps, 'crc64'>,
  signal: AbortSignal,
): Promise<bigint> {
  let crc = 0n;
  for (let done = 0; done < bytes;) {
    signal.throwIfAborted();
    const wanted = buffer.subarray(0, Math.min(buffer.length, bytes - done));
    const filled = await file.readAt(wanted, start + done);
    if (filled === 0) {
      break;
    }
    crc = crc64.extend(crc, wanted.subarray(0, filled));
    done += filled;
  }
  return crc;
}
