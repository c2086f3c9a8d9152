import type { BatchRequest, BatchReport } from './batchModel.ts';

/**
 * Port: batches as the extension host sees them. Calls that name a batch throw `AppError` `download/notFound`,
 * `download/ownedElsewhere`, `disk/*`.
 */
export interface BatchService {
  /**
   * Starts a batch and returns its id. Objects are queued while the listing continues.
   * @throws AppError `input/invalidPath`, `disk/*`
   */
  add(request: BatchRequest): Promise<string>;
  /** Stops listing and downloading; keeps finished and partial files. */
  pause(id: string): Promise<void>;
  /** Continues a stopped batch, or retries the failed objects of a finished one. */
  resume(id: string): Promise<void>;
  /** Stops, deletes partial files and removes the batch from the list; keeps finished files. */
  cancel(id: string): Promise<void>;
  /** Removes a batch that finished without failures from the list; keeps the files. */
  remove(id: string): Promise<void>;
  /** Returns the counts so far, and the failed and skipped objects. */
  report(id: string): Promise<BatchReport>;
}
