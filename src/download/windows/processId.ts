import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import * as v from 'valibot';
import { errnoOf } from '../files/disk.ts';

/** Who wrote a file that others read: a process, on a machine or in a container, for pids mean nothing elsewhere. */
export const ownerSchema = v.object({ pid: v.number(), machine: v.string() });
export type Owner = v.InferOutput<typeof ownerSchema>;

export const ownProcess: Owner = { pid: process.pid, machine: `${hostname()} ${pidNamespace()}` };

/** True only where it is certain: of another machine's process nobody knows, and a pid may be in use again. */
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
