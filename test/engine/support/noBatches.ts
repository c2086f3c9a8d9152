import type { BatchHost } from '../../../src/download/batch/batchDeps.ts';

/** For tests of single downloads: a host that is asked nothing about batches. */
export const noBatches: BatchHost = {
  listObjects: () => Promise.reject(new Error('no batch was asked for')),
  askConflict: () => Promise.reject(new Error('no batch was asked for')),
};
