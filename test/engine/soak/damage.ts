import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { pick } from './soakFaults.ts';

export type Damage = 'a byte flipped' | 'truncated' | 'extended' | 'deleted';

const damages: readonly Damage[] = ['a byte flipped', 'truncated', 'extended', 'deleted'];

/** Damages a file that nobody has open. @returns how; undefined where it is not there or empty */
export function damageFile(path: string, random: () => number): Damage | undefined {
  if (!existsSync(path)) {
    return undefined;
  }
  const damage = pick(random, damages);
  if (damage === 'deleted') {
    rmSync(path);
    return damage;
  }
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    if (size === 0) {
      return undefined;
    }
    const at = Math.floor(random() * size);
    if (damage === 'a byte flipped') {
      const byte = Buffer.alloc(1);
      readSync(file, byte, 0, 1, at);
      byte[0] = (byte[0] ?? 0) ^ 0x10;
      writeSync(file, byte, 0, 1, at);
    } else {
      ftruncateSync(file, damage === 'truncated' ? at : size + 1 + Math.floor(random() * 1000));
    }
    return damage;
  } finally {
    closeSync(file);
  }
}

/** One of the checkpoints of an engine; undefined where there is none. */
export function someCheckpoint(storagePath: string, random: () => number): string | undefined {
  const folder = join(storagePath, 'checkpoints');
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.checkpoint')) : [];
  return names.length === 0 ? undefined : join(folder, pick(random, names));
}
