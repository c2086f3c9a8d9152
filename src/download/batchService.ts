import type { BatchRequest, BatchReport } from './batchModel.ts';

/**
 * Port: batches as the extension host sees them. Calls that name a batch throw `AppError` `download/notFound`,
 * `download/ownedElsewhere`, `disk/*`.
 */
export interface BatchService {
  /**
   * Begins a batch and returns its id: what is found is queued while the listing goes on. @throws AppError
   * `input/invalidPath`, `disk/*`
   */
  add(request: BatchRequest): Promise<string>;
  /** Stops listing and downloading, and keeps what is on disk. */
  pause(id: string): Promise<void>;
  /** Goes on with a batch that stopped, or tries again what failed of a finished one. */
  resume(id: string): Promise<void>;
  /** Stops, removes what is unfinished and forgets the batch; finished files stay. */
  cancel(id: string): Promise<void>;
  /** Forgets a finished one, of which nothing failed; the files stay. */
  remove(id: string): Promise<void>;
  /** What it came to so far: numbers, and each object that failed or was skipped. */
  report(id: string): Promise<BatchReport>;
}
