import { readFileSync } from 'node:fs';

/** Linux counts processor time for user space in hundredths of a second, whatever the kernel's own tick is. */
const ticksPerSecond = 100;

/**
 * Processor time of all ended children of this process and theirs, in seconds.
 * @returns undefined on systems without /proc
 * @see proc(5), `cutime` and `cstime` of /proc/self/stat
 */
export function childrenCpuSeconds(): number | undefined {
  const text = readOrUndefined('/proc/self/stat');
  // the name in the second field may hold blanks
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields === undefined ? undefined : (Number(fields[13]) + Number(fields[14])) / ticksPerSecond;
}

/** Most memory that a running process had so far, in bytes. @returns undefined where it has ended, or without /proc */
export function peakBytesOf(pid: number): number | undefined {
  const kibibytes = /^VmHWM:\s*(\d+) kB/m.exec(readOrUndefined(`/proc/${pid}/status`) ?? '')?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

function readOrUndefined(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
