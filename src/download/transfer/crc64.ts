import { crc64Wasm } from './crc64Wasm.ts';

/** CRC-64/XZ (ECMA-182 reflected), as in OSS's header `x-oss-hash-crc64ecma`. 0 is the CRC of no bytes. */
export interface Crc64 {
  of(bytes: Uint8Array): bigint;
  /** Computes the CRC of the bytes covered by `crc` followed by `bytes`. */
  extend(crc: bigint, bytes: Uint8Array): bigint;
}

/** Reflected polynomial: the coefficient of x^63 is the lowest bit. */
const polynomial = 0xc96c5795d7870f42n;
const one = 1n << 63n;
const lowBits = 32n;

/** Exports of `scripts/crc64/wat.ts`. Addresses and lengths in bytes; CRCs are returned as signed numbers. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly init: (polynomial: bigint) => void;
  readonly update: (crc: bigint, at: number, length: number) => bigint;
}

/** Declared here: the types of Node lack it. */
declare const WebAssembly: {
  readonly Module: new (binary: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** After the tables; larger inputs are hashed in pieces that fit into the processor's cache. */
const workAddress = 64 * 1024;
const workBytes = 64 * 1024;

/** Creates a hasher. It keeps no state between calls, so all downloads of a thread share one. */
export function createCrc64(): Crc64 {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(crc64Wasm, 'base64')));
  const { memory, init, update } = exports as Exports;
  init(polynomial);
  const work = new Uint8Array(memory.buffer, workAddress, workBytes);
  const extend = (crc: bigint, bytes: Uint8Array): bigint => {
    let extended = crc;
    for (let at = 0; at < bytes.length; at += workBytes) {
      const piece = bytes.subarray(at, at + workBytes);
      work.set(piece);
      extended = update(extended, workAddress, piece.length);
    }
    return BigInt.asUintN(64, extended);
  };
  return { of: (bytes) => extend(0n, bytes), extend };
}

/**
 * Computes the CRC of A followed by B, from the CRCs of A and B and the length of B in bytes.
 * Appending n bytes multiplies A's polynomial by x^(8n); everything is modulo the CRC's polynomial.
 */
export function combineCrc64(crcA: bigint, crcB: bigint, lengthB: number): bigint {
  return multiply(crcA, powerOfX(lengthB)) ^ crcB;
}

/** Computes x^(8 * bytes) by repeated squaring. The last result is cached: most parts have the same length. */
function powerOfX(bytes: number): bigint {
  if (bytes === lastPower.bytes) {
    return lastPower.value;
  }
  let value = one;
  for (let rest = BigInt(bytes), bit = 0; rest > 0n; rest >>= 1n, bit += 1) {
    if ((rest & 1n) === 1n) {
      value = multiply(value, square(bit));
    }
  }
  lastPower = { bytes, value };
  return value;
}

let lastPower = { bytes: 0, value: one };
/** x^8, x^16, x^32, …: entry k is x^(8 * 2^k). */
const squares: bigint[] = [one >> 8n];

function square(k: number): bigint {
  let value = squares[k];
  if (value === undefined) {
    const root = square(k - 1);
    value = multiply(root, root);
    squares[k] = value;
  }
  return value;
}

/**
 * Multiplies two reflected polynomials modulo the CRC's, on 32-bit halves: about 20 times faster than with bigints.
 */
function multiply(a: bigint, b: bigint): bigint {
  const polyHigh = Number(polynomial >> lowBits);
  const polyLow = Number(polynomial & 0xffffffffn) | 0;
  let high = Number(b >> lowBits) | 0;
  let low = Number(b & 0xffffffffn) | 0;
  let sumHigh = 0;
  let sumLow = 0;
  for (let word = 0; word < 2; word += 1) {
    const bits = word === 0 ? Number(a >> lowBits) : Number(a & 0xffffffffn);
    for (let bit = 31; bit >= 0; bit -= 1) {
      if (((bits >>> bit) & 1) === 1) {
        sumHigh ^= high;
        sumLow ^= low;
      }
      const carry = low & 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (carry === 1) {
        high ^= polyHigh;
        low ^= polyLow;
      }
    }
  }
  return (BigInt(sumHigh >>> 0) << lowBits) | BigInt(sumLow >>> 0);
}
