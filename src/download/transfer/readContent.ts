import { toAppError } from '../../base/errors.ts';
import { MemoryReading, verifyBytes } from './memoryReading.ts';
import type { ContentRequest } from '../model.ts';
import { asChange, retrying } from './fetchPart.ts';
import type { EngineDeps } from './transfer.ts';
import { SignedUrls } from './urlProvider.ts';

export type ContentDeps = Pick<
  EngineDeps,
  'reader' | 'signer' | 'clock' | 'crc64' | 'bandwidth' | 'budget' | 'random' | 'limits' | 'logger'
>;

/**
 * Reads an object, or its beginning, into memory, without touching the disk. The caller ensures that it fits.
 * Bypasses the connection budget: a user is waiting for it, and it adds one connection for a few seconds.
 * @returns complete bytes of the requested version; the CRC-64 of a whole object is verified
 * @throws AppError `object/changed`, `object/corrupt`, or as `ObjectReader.read`, after the retries of the settings
 * @throws `signal.reason` when aborted
 */
export async function readContent(
  deps: ContentDeps,
  request: ContentRequest,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { bandwidth, clock, crc64, limits, reader, signer } = deps;
  const { object, known, firstBytes = known.sizeBytes } = request;
  const urls = new SignedUrls(signer, object, clock);
  const attempt = async (): Promise<Uint8Array> => {
    const bytes = new Uint8Array(Math.min(firstBytes, known.sizeBytes));
    const onChunk = (chunk: Uint8Array, offset: number): void | Promise<void> => {
      bytes.set(chunk, offset);
      return bandwidth.take(chunk.length, signal);
    };
    const reading = new MemoryReading({ known, bytes: bytes.length, stallTimeoutMs: limits().stallTimeoutMs, onChunk });
    try {
      await urls.use((url) => reader.read({ ...reading.request, url }, reading, signal), signal);
    } catch (error) {
      throw signal.aborted ? error : asChange(toAppError(error));
    }
    const answered = reading.finish();
    if (bytes.length === known.sizeBytes) {
      verifyBytes(bytes, answered, crc64);
    }
    return bytes;
  };
  // No progress: every attempt starts from scratch.
  return retrying({ deps }, () => 0, attempt, signal);
}
