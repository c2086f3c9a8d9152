import type { Logger } from '../../src/base/logger.ts';

/** Drops every message. */
export const silentLogger: Logger = { log: () => undefined };
