import type { Job, JobObject, Usage } from '../job.ts';

/** What a file of `libraries/` exports as `prepare`: loads the library and does whatever it does once in its life. */
export interface LibraryModule {
  prepare(job: Job): Promise<Prepared>;
}

export interface Prepared {
  /** Does the whole job. @throws where one object did not arrive */
  run(): Promise<void>;
  /** Ends it in order; what runs fails or never settles then. */
  stop?(): Promise<void>;
}

export type HostOrder =
  { readonly type: 'prepare'; readonly objects: readonly JobObject[] } | { readonly type: 'go' | 'stop' };

export type HostEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'result'; readonly usage: Usage }
  | { readonly type: 'failed'; readonly message: string };
