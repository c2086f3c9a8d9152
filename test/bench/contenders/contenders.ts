import type { Contender } from './contender.ts';
import { curl } from './curl.ts';
import { engine } from './engine.ts';

/** Everybody who may take part, ours first. */
export const contenders: readonly Contender[] = [engine, curl];
