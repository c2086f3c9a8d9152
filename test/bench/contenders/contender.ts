import type { Job, Usage } from '../job.ts';

/** What a downloader requires of the bytes before it says that all went well. */
export type Proof = 'CRC-64' | 'length';

/**
 * `one`: an object in parts or as a stream; `many`: a list of objects; `resume`: goes on with what its killed process
 * left; `ranges`: only brings ranges of an object, each by a connection of its own.
 */
export type Ability = 'one' | 'many' | 'resume' | 'ranges';

/** A downloader that takes part, ours among them. */
export interface Contender {
  readonly name: string;
  readonly proof: Proof;
  /** How many connections it opens at most for one object. */
  readonly connections: number;
  readonly abilities: readonly Ability[];
  /** True: it is a function in a Node process, and that process may be watched. */
  readonly isLibrary: boolean;
  /** Its version; undefined where it is not installed. */
  findVersion(): Promise<string | undefined>;
  /**
   * Resolves once it is under way: a program is started, a library has been loaded and called.
   * @param atOnceBefore done right before its time begins
   */
  start(job: Job, atOnceBefore?: () => void): Promise<ContenderRun>;
}

/** A job that is being done. */
export interface ContenderRun {
  /** @throws Error with what the contender said, when it failed or was killed */
  readonly done: Promise<Usage>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Asks it to end in order with what it has; absent where it cannot. */
  stop?(): Promise<void>;
}
