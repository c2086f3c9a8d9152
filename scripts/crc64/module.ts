import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import wabt from 'wabt';
import { wat } from './wat.ts';

const file = 'src/download/transfer/crc64Wasm.ts';

/** Compiles the source anew and writes it where the engine imports it. */
export async function writeCrc64Wasm(root: string): Promise<void> {
  writeFileSync(path.join(root, file), await generate());
}

/** A problem where the module is not what its source compiles to. */
export async function crc64WasmProblems(root: string): Promise<string[]> {
  return readFileSync(path.join(root, file), 'utf8') === (await generate())
    ? []
    : [`${file} is not what scripts/crc64/wat.ts compiles to: npm run build:crc64`];
}

async function generate(): Promise<string> {
  const parsed = (await wabt()).parseWat('crc64.wat', wat);
  try {
    const binary = Buffer.from(parsed.toBinary({}).buffer).toString('base64');
    const lines = (binary.match(/.{1,112}/gu) ?? []).map((line) => `  '${line}'`).join(' +\n');
    return (
      `/** Generated from scripts/crc64/wat.ts by \`npm run build:crc64\`: do not edit. */\nexport const crc64Wasm ` +
      `=\n${lines};\n`
    );
  } finally {
    parsed.destroy();
  }
}
