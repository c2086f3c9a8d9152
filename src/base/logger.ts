export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * Port: the log of the core, in English. The variable part of a message comes last, after a colon.
 * Callers pass no secret and no signed URL; `redact.ts` is only the second line of defence.
 */
export interface Logger {
  log(level: LogLevel, message: string): void;
}
