import { writeCrc64Wasm } from '../crc64/module.ts';
import { projectFolder, say } from '../install.mjs';

export async function run(): Promise<undefined> {
  say('Compiling the CRC-64');
  await writeCrc64Wasm(projectFolder);
}
