import { crc64, crc64Register, tabulate, zeroShift } from './crc64.ts';

/**
 * Bytes generated from a seed, the same at every offset however they are read, so that a 50 GiB object
 * costs no memory and no disk.
 *
 * One fixed block of 1 MiB of noise is repeated; each copy is XORed with a 64-bit mask made from the seed
 * and the copy's number, so that no two blocks and no two seeds agree. XOR is linear and so is a CRC register:
 * the CRC of a block is that of the fixed block XORed with a linear map of its mask, and the CRC of
 * the object follows block by block without generating a byte (50 GiB: some 50 ms).
 */
const blockBytes = 1024 * 1024;

const baseWords = noise(blockBytes / 4);
const baseBytes = new Uint8Array(baseWords.buffer);

/** xorshift32; quality does not matter here, only that no two places look alike. */
function noise(count: number): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(count);
  let state = 0x9e3779b9;
  for (let i = 0; i < count; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return words;
}

/** The finalizer of MurmurHash3: every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function maskOf(seed: number, block: number): readonly [low: number, high: number] {
  const low = mix(mix(seed) ^ block);
  return [low, mix(low ^ 0x5bd1e995 ^ seed)];
}

/**
 * Fills `target` with the bytes of the object from `start` on.
 * Fast (some GB/s) where `start` is a multiple of 8, as parts are.
 */
export function fillSeeded(seed: number, start: number, target: Uint8Array): void {
  let done = 0;
  while (done < target.length) {
    const offset = start + done;
    const inBlock = offset % blockBytes;
    const length = Math.min(target.length - done, blockBytes - inBlock);
    const mask = maskOf(seed, Math.floor(offset / blockBytes));
    const aligned = offset % 8 === 0 && (target.byteOffset + done) % 4 === 0 ? length - (length % 8) : 0;
    fillWords(
      mask,
      inBlock,
      new Uint32Array(target.buffer, target.byteOffset + done - ((target.byteOffset + done) % 4), aligned / 4),
    );
    for (let i = aligned; i < length; i++) {
      const place = (offset + i) % 8;
      const word = place < 4 ? mask[0] : mask[1];
      target[done + i] = baseBytes[inBlock + i]! ^ (word >>> ((place % 4) * 8));
    }
    done += length;
  }
}

function fillWords([low, high]: readonly [number, number], inBlock: number, target: Uint32Array): void {
  const from = inBlock / 4;
  for (let i = 0; i < target.length; i += 2) {
    target[i] = baseWords[from + i]! ^ low;
    target[i + 1] = baseWords[from + i + 1]! ^ high;
  }
}

/** What a reader of `[start, end)` of the object must have received; for comparing files in pieces. */
export function expectedBytes(seed: number, start: number, end: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(end - start);
  fillSeeded(seed, start, bytes);
  return bytes;
}

/** CRC-64/XZ of the first `sizeBytes` bytes of the object. */
export function seededCrc64(seed: number, sizeBytes: number): bigint {
  const { baseCrc, maskRegister, pastBlock } = blockAlgebra();
  let crc = 0n;
  const whole = Math.floor(sizeBytes / blockBytes);
  for (let block = 0; block < whole; block++) {
    const [low, high] = maskOf(seed, block);
    const mask = (BigInt(high) << 32n) | BigInt(low);
    crc = pastBlock(crc) ^ baseCrc ^ maskRegister(mask);
  }
  return crc64(expectedBytes(seed, whole * blockBytes, sizeBytes), crc);
}

interface BlockAlgebra {
  /** CRC of the fixed block. */
  readonly baseCrc: bigint;
  /** From a mask to the register after a whole block of it. */
  readonly maskRegister: (mask: bigint) => bigint;
  /** Moves a CRC past one block, for combining. */
  readonly pastBlock: (crc: bigint) => bigint;
}

let algebra: BlockAlgebra | undefined;

function blockAlgebra(): BlockAlgebra {
  algebra ??= { baseCrc: crc64(baseBytes), maskRegister: tabulate(maskColumns()), pastBlock: zeroShift(blockBytes) };
  return algebra;
}

/** For each bit of a mask, the register after a block that repeats only that bit: by doubling, from 8 bytes on. */
function maskColumns(): bigint[] {
  let columns = Array.from({ length: 64 }, (_, bit) => {
    const once = new Uint8Array(8);
    once[Math.floor(bit / 8)] = 1 << (bit % 8);
    return crc64Register(once);
  });
  for (let length = 8; length < blockBytes; length *= 2) {
    const shift = zeroShift(length);
    columns = columns.map((column) => shift(column) ^ column);
  }
  return columns;
}
