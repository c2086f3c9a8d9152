import { createHash } from 'node:crypto';
import { crc64 } from './crc64.ts';
import { expectedBytes, fillSeeded, seededCrc64 } from './seededObject.ts';

/** What an object holds, however long it is. */
export interface ObjectContent {
  readonly sizeBytes: number;
  /** Fills `target` from `start` on; the caller asks for no more than there is. */
  read(start: number, target: Uint8Array): void;
  /** CRC-64/XZ of all bytes; worked out when first asked for. */
  crc64(): bigint;
  /** Upper-case hex: MD5 of the bytes where they are few, else something as unique that is no MD5. */
  digest(): string;
}

/** How a test or the control URL says what an object holds. */
export type ContentSpec =
  { readonly text: string } | { readonly base64: string } | { readonly seed: number; readonly sizeBytes: number };

export function contentOf(spec: ContentSpec | Buffer): ObjectContent {
  if (Buffer.isBuffer(spec)) {
    return literalContent(spec);
  }
  if ('text' in spec) {
    return literalContent(Buffer.from(spec.text, 'utf8'));
  }
  return 'base64' in spec
    ? literalContent(Buffer.from(spec.base64, 'base64'))
    : seededContent(spec.seed, spec.sizeBytes);
}

function literalContent(bytes: Buffer): ObjectContent {
  let crc: bigint | undefined;
  let digest: string | undefined;
  return {
    sizeBytes: bytes.length,
    read: (start, target) => target.set(bytes.subarray(start, start + target.length)),
    crc64: () => (crc ??= crc64(bytes)),
    digest: () => (digest ??= md5(bytes)),
  };
}

/** Above this a seeded object counts as uploaded in parts: its ETag is opaque, as OSS's is. */
export const singlePutBytes = 1024 * 1024;

function seededContent(seed: number, sizeBytes: number): ObjectContent {
  let crc: bigint | undefined;
  let digest: string | undefined;
  return {
    sizeBytes,
    read: (start, target) => fillSeeded(seed, start, target),
    crc64: () => (crc ??= seededCrc64(seed, sizeBytes)),
    digest: () =>
      (digest ??= md5(
        sizeBytes <= singlePutBytes ? expectedBytes(seed, 0, sizeBytes) : Buffer.from(`${seed}:${sizeBytes}`),
      )),
  };
}

/** Upper-case hex, as OSS prints ETags. */
export function md5(bytes: Uint8Array): string {
  return createHash('md5').update(bytes).digest('hex').toUpperCase();
}
