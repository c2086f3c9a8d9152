/** One object and the file that it is to become. */
export interface JobObject {
  readonly key: string;
  readonly url: string;
  readonly path: string;
  readonly sizeBytes: number;
  /** Quotes included, as a listing tells it. */
  readonly etag: string;
}

/**
 * What a contender is asked to fetch. The same job in the same folders again, after a death, is a resume. Plain data.
 */
export interface Job {
  readonly objects: readonly JobObject[];
  /** `scheme://host:port` of the server; the first segment of each URL's path is the bucket. */
  readonly origin: string;
  readonly bucket: string;
  /** Where the files go. */
  readonly folder: string;
  /** For whatever the contender wants to keep: checkpoints, lists, settings. */
  readonly stateFolder: string;
  /** PEM file of the certificate authority that the server's certificate is by. */
  readonly caFile: string;
  /** Part size of our engine, where a workload asks for another than a user has. */
  readonly partSizeBytes?: number;
  /** Our engine starts its worker only when the job begins, as after a restart of the editor. */
  readonly isCold?: boolean;
  /**
   * Milliseconds to watch the main thread while nothing happens, and then while the job runs; only libraries can do it.
   */
  readonly watchMs?: number;
}

/** What a job took. Absent is what this system or this kind of contender cannot tell. */
export interface Usage {
  /** Milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly seconds: number;
  /** Of all threads and child processes. */
  readonly cpuSeconds?: number;
  /** Most memory that the process had at any time. */
  readonly peakBytes?: number;
  /** Memory before the job began; a program that exists only for its job has none. */
  readonly idleBytes?: number;
  /** 99th percentile of the event-loop delay of the main thread, in milliseconds. */
  readonly idleDelayMs?: number;
  readonly busyDelayMs?: number;
}
