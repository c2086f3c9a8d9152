import { aliOss } from './aliOss.ts';
import { aria2c } from './aria2c.ts';
import type { Contender } from './contender.ts';
import { curl } from './curl.ts';
import { curlRanges } from './curlRanges.ts';
import { easydl } from './easydl.ts';
import { engine } from './engine.ts';
import { ipull } from './ipull.ts';
import { keepAlive } from './keepAlive.ts';
import { limitedTime } from './limitedTime.ts';
import { ossutil } from './ossutil.ts';
import { rclone } from './rclone.ts';

/** Everybody who may take part, ours first. */
export const contenders: readonly Contender[] = [
  engine,
  ossutil,
  curl,
  curlRanges,
  aria2c(4),
  aria2c(16),
  rclone,
  aliOss,
  ipull,
  easydl,
  keepAlive,
].map(limitedTime);
