/**
 * Port: complete URLs whose query is a secret, by the id of their download. They are kept where secrets are, and looked up
 * when a session begins; nothing of them is ever written by the engine.
 */
export interface KeptUrls {
  /** @returns undefined when none is kept: then only the user can give one */
  load(id: string, signal: AbortSignal): Promise<string | undefined>;
}

/** For hosts that keep none. */
export const noKeptUrls: KeptUrls = { load: () => Promise.resolve(undefined) };
