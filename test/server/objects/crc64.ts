/**
 * CRC-64/XZ (ECMA-182 reflected, init and xorout all ones), written apart from the engine's,
 * so that the two check each other.
 */
const polynomial = 0xc96c5795d7870f42n;

/** One zero byte shifted in, as a 64 x 64 matrix over GF(2): column i is where bit i goes. */
type Operator = readonly bigint[];

const byteTable: readonly bigint[] = Array.from({ length: 256 }, (_, byte) => {
  let crc = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) {
    crc = (crc & 1n) === 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
  }
  return crc;
});
const tableLow = Uint32Array.from(byteTable, (entry) => Number(entry & 0xffffffffn));
const tableHigh = Uint32Array.from(byteTable, (entry) => Number(entry >> 32n));

/** Runs the register over bytes, with neither init nor xorout: linear over GF(2), which `seededObject.ts` relies on. */
export function crc64Register(bytes: Uint8Array, register = 0n): bigint {
  let low = Number(register & 0xffffffffn) | 0;
  let high = Number(register >> 32n) | 0;
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (tableLow[index] ?? 0);
    high = (high >>> 8) ^ (tableHigh[index] ?? 0);
  }
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

const allOnes = 0xffffffffffffffffn;

/** @param crc the CRC of what came before, to go on from */
export function crc64(bytes: Uint8Array, crc = 0n): bigint {
  return crc64Register(bytes, crc ^ allOnes) ^ allOnes;
}

function apply(operator: Operator, value: bigint): bigint {
  let result = 0n;
  for (let bit = 0, rest = value; rest !== 0n; bit++, rest >>= 1n) {
    if ((rest & 1n) === 1n) {
      result ^= operator[bit]!;
    }
  }
  return result;
}

const oneZeroByte: Operator = Array.from({ length: 64 }, (_, bit) =>
  crc64Register(Uint8Array.of(0), 1n << BigInt(bit)),
);

/** `powers[n]` shifts 2^n zero bytes in; made when first needed. */
const powers: Operator[] = [oneZeroByte];

function shiftZeros(register: bigint, count: number): bigint {
  let result = register;
  for (let power = 0, rest = count; rest > 0; power++, rest = Math.floor(rest / 2)) {
    if (power === powers.length) {
      const last = powers[power - 1]!;
      powers.push(last.map((column) => apply(last, column)));
    }
    if (rest % 2 === 1) {
      result = apply(powers[power]!, result);
    }
  }
  return result;
}

/** A function that shifts `count` zero bytes into a register; by tables, for callers that do it often. */
export function zeroShift(count: number): (register: bigint) => bigint {
  return tabulate(Array.from({ length: 64 }, (_, bit) => shiftZeros(1n << BigInt(bit), count)));
}

/** A linear map of 64 bits as eight look-ups, one a byte. */
export function tabulate(operator: Operator): (value: bigint) => bigint {
  const tables = Array.from({ length: 8 }, (_, position) =>
    Array.from({ length: 256 }, (__, byte) => apply(operator, BigInt(byte) << BigInt(position * 8))),
  );
  return (value) => {
    let result = 0n;
    const low = Number(value & 0xffffffffn);
    const high = Number(value >> 32n);
    for (let position = 0; position < 4; position++) {
      result ^= tables[position]![(low >>> (position * 8)) & 0xff]!;
      result ^= tables[position + 4]![(high >>> (position * 8)) & 0xff]!;
    }
    return result;
  };
}

/** The CRC of two byte strings one after the other, from their CRCs and the length of the second. */
export function combineCrc64(first: bigint, second: bigint, secondLength: number): bigint {
  return shiftZeros(first, secondLength) ^ second;
}
