import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import * as v from 'valibot';
import { errnoOf } from '../files/disk.ts';

/** Process that wrote a shared file. The pid is valid only on its machine and in its container (pid namespace). */
export const ownerSchema = v.object({ pid: v.number(), machine: v.string() });
export type Owner = v.InferOutput<typeof ownerSchema>;

export const ownProcess: Owner = { pid: process.pid, machine: `${hostname()} ${pidNamespace()}` };

/** True only if certain: processes of other machines cannot be checked, and a pid may be reused. */
export function isDead({ pid, machine }: Owner): boolean {
  if (machine !== ownProcess.machine) {
    return false;
  }
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoOf(error) === 'ESRCH';
  }
}

function pidNamespace(): string {
  try {
    return process.platform === 'linux' ? readlinkSync('/proc/self/ns/pid') : '';
  } catch {
    return '';
  }
}
