export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * Where the core writes what happened, in English. The variable part of a message comes last, after a colon.
 * Callers pass no secret and no signed URL: `redact.ts` is the second lock, not the first.
 */
export interface Logger {
  log(level: LogLevel, message: string): void;
}

export const silentLogger: Logger = { log: () => undefined };
