/** How large a run of the benchmark is. */
export interface BenchPlan {
  readonly isQuick: boolean;
  /** Each contender runs so often, in turns with the others. */
  readonly rounds: number;
  readonly objectBytes: number;
  readonly smallObjects: number;
  readonly mediumObjects: number;
  /** How long a main thread is watched that does nothing. */
  readonly idleWatchMs: number;
}

const mebibyte = 1024 * 1024;
export const gibibyte = 1024 * mebibyte;
export const smallBytes = 4 * 1024;
export const mediumBytes = 4 * mebibyte;

export const fullPlan: BenchPlan = {
  isQuick: false,
  rounds: 5,
  objectBytes: gibibyte,
  smallObjects: 10_000,
  mediumObjects: 200,
  idleWatchMs: 2000,
};
export const quickPlan: BenchPlan = {
  isQuick: true,
  rounds: 1,
  objectBytes: 128 * mebibyte,
  smallObjects: 300,
  mediumObjects: 16,
  idleWatchMs: 500,
};

/** `1 GiB`, `64 MiB`, `4 KiB`: sizes of these plans are whole. */
export function sizeText(bytes: number): string {
  for (const [unitBytes, unit] of [
    [gibibyte, 'GiB'],
    [mebibyte, 'MiB'],
    [1024, 'KiB'],
  ] as const) {
    if (bytes >= unitBytes) {
      return `${Number((bytes / unitBytes).toFixed(1))} ${unit}`;
    }
  }
  return `${bytes} B`;
}
