/** Where one run of a peer lives. */
export interface PeerSetup {
  /** Its own, for configuration and temporary files. */
  readonly folder: string;
  /** What it serves at `/`. */
  readonly files: string;
  /** On 127.0.0.1. */
  readonly port: number;
}

/** What a server does with a request's conditions, as its own answers show. */
export interface PeerTraits {
  readonly ranges: boolean;
  readonly etag: boolean;
  readonly lastModified: boolean;
  /** Answers a failed If-Match and If-Unmodified-Since with 412; else it ignores both. */
  readonly preconditions: boolean;
  /** A file changed less than a second ago has a weak ETag. */
  readonly weakWhenFresh: boolean;
  /** A 416 names the size. */
  readonly sizeIn416: boolean;
}

/** A web server that nobody here wrote. */
export interface PeerProgram {
  readonly name: string;
  /** Names in PATH, or absolute paths where daemons are not in a user's PATH. */
  readonly candidates: readonly string[];
  readonly debianPackage: string;
  readonly traits: PeerTraits;
  /**
   * Writes the configuration. @returns the arguments that start it in the foreground, in one process group with this
   * one
   */
  readonly configure: (setup: PeerSetup) => readonly string[];
}
