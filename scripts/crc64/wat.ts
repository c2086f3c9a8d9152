/**
 * The source of `src/download/transfer/crc64Wasm.ts`: CRC-64/XZ in WebAssembly text, which has no loops over constants
 * of its own.
 *
 * Bytes are taken as words of 8, in `lanes` interleaved streams: each has a CRC of its own, so that the processor works
 * on all of
 * them at once instead of waiting for one table after the other. A table for each byte of a word says what that byte
 * comes to `8 * lanes` bytes later. Before the last round the streams are put together, word by word.
 * @see https://github.com/madler/zlib/blob/develop/doc/crc-doc.1.0.pdf (braided CRC)
 */

/** More bring nothing: the tables' loads are the limit then. */
const lanes = 4;
const wordBytes = 8;
const roundBytes = lanes * wordBytes;
const tableBytes = 256 * 8;
/** After the tables of the 8 bytes of a word: what one byte comes to at once. */
const byteTable = wordBytes * tableBytes;
const each = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join('\n');

const lowByte = (value: string): string => `(i32.and (i32.wrap_i64 ${value}) (i32.const 255))`;
const entry = (table: number, index: string): string => `(i64.load offset=${table} (i32.shl ${index} (i32.const 3)))`;
/** The CRC after one more byte of zero. */
const afterZero = (crc: string): string =>
  `(i64.xor (i64.shr_u ${crc} (i64.const 8)) ${entry(byteTable, lowByte(crc))})`;
const mixed = (lane: number): string => `(i64.xor (local.get $crc) (i64.xor (local.get $crc${lane}) ${word(lane)}))`;
const word = (lane: number): string => `(i64.load offset=${lane * wordBytes} (local.get $at))`;

/**
 * Each byte is masked where it already stands at its place in a table, 8 bytes an entry: one step less than shifting it
 * down and up again.
 */
function afterRound(value: string): string {
  const address = (byte: number): string =>
    byte === 0 ? `(i64.shl ${value} (i64.const 3))` : `(i64.shr_u ${value} (i64.const ${8 * byte - 3}))`;
  return Array.from(
    { length: wordBytes },
    (_, byte) =>
      `(i64.load offset=${byte * tableBytes} (i32.wrap_i64 (i64.and ${address(byte)} (i64.const ${255 * 8}))))`,
  ).reduce((sum, next) => `(i64.xor ${sum} ${next})`);
}

export const wat = `(module
  (memory (export "memory") 2)

  ;; fills the tables; to be called once
  (func (export "init") (param $polynomial i64)
    (local $byte i32) (local $step i32) (local $crc i64)
    (loop $bytes
      (local.set $crc (i64.extend_i32_u (local.get $byte)))
      (local.set $step (i32.const 0))
      (loop $bits
        (local.set $crc (i64.xor
          (i64.shr_u (local.get $crc) (i64.const 1))
          (i64.and (local.get $polynomial) (i64.sub (i64.const 0) (i64.and (local.get $crc) (i64.const 1))))))
        (br_if $bits (i32.lt_u (local.tee $step (i32.add (local.get $step) (i32.const 1))) (i32.const 8))))
      (i64.store offset=${byteTable} (i32.shl (local.get $byte) (i32.const 3)) (local.get $crc))
      (br_if $bytes (i32.lt_u (local.tee $byte (i32.add (local.get $byte) (i32.const 1))) (i32.const 256))))
    ;; the last byte of a word has ${roundBytes - wordBytes} more bytes of its round behind it, the first one 7 more
    (local.set $byte (i32.const 0))
    (loop $bytes
      (local.set $crc (i64.load offset=${byteTable} (i32.shl (local.get $byte) (i32.const 3))))
      (local.set $step (i32.const 1))
      (loop $zeros
        (if (i32.gt_u (local.get $step) (i32.const ${roundBytes - wordBytes}))
          (then (i64.store
            (i32.add
              (i32.shl (local.get $byte) (i32.const 3))
              (i32.mul (i32.sub (i32.const ${roundBytes}) (local.get $step)) (i32.const ${tableBytes})))
            (local.get $crc))))
        (local.set $crc ${afterZero('(local.get $crc)')})
        (br_if $zeros (i32.le_u (local.tee $step (i32.add (local.get $step) (i32.const 1))) (i32.const ${roundBytes}))))
      (br_if $bytes (i32.lt_u (local.tee $byte (i32.add (local.get $byte) (i32.const 1))) (i32.const 256)))))

  ;; the state after one word, of which the state before is already a part
  (func $afterWord (param $crc i64) (result i64)
    ${each(wordBytes, () => `(local.set $crc ${afterZero('(local.get $crc)')})`)}
    (local.get $crc))

  ;; the CRC of what $crc covers, followed by the $length bytes at $at
  (func (export "update") (param $crc i64) (param $at i32) (param $length i32) (result i64)
    (local $end i32) (local $lastRound i32) ${each(lanes, (lane) => `(local $crc${lane} i64) (local $word${lane} i64)`)}
    (local.set $crc (i64.xor (local.get $crc) (i64.const -1)))
    (local.set $end (i32.add (local.get $at) (local.get $length)))
    (if (i32.ge_u (local.get $length) (i32.const ${2 * roundBytes}))
      (then
        (local.set $lastRound (i32.add (local.get $at)
          (i32.mul
            (i32.sub (i32.div_u (local.get $length) (i32.const ${roundBytes})) (i32.const 1))
            (i32.const ${roundBytes}))))
        (local.set $crc0 (local.get $crc))
        (loop $rounds
          ${each(lanes, (lane) => `(local.set $word${lane} (i64.xor (local.get $crc${lane}) ${word(lane)}))`)}
          ${each(lanes, (lane) => `(local.set $crc${lane} ${afterRound(`(local.get $word${lane})`)})`)}
          (br_if $rounds (i32.lt_u
            (local.tee $at (i32.add (local.get $at) (i32.const ${roundBytes})))
            (local.get $lastRound))))
        (local.set $crc (i64.const 0))
        ${each(lanes, (lane) => `(local.set $crc (call $afterWord ${mixed(lane)}))`)}
        (local.set $at (i32.add (local.get $at) (i32.const ${roundBytes})))))
    (block $done
      (loop $rest
        (br_if $done (i32.ge_u (local.get $at) (local.get $end)))
        (local.set $crc (i64.xor (local.get $crc) (i64.load8_u (local.get $at))))
        (local.set $crc ${afterZero('(local.get $crc)')})
        (local.set $at (i32.add (local.get $at) (i32.const 1)))
        (br $rest)))
    (i64.xor (local.get $crc) (i64.const -1))))
`;
