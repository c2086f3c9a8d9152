import type { LoggedRequest, RequestLog } from '../../server/http/requestLog.ts';
import { sumOf } from './coverage.ts';
import type { Range } from './coverage.ts';

const everyMs = 20;
const keptMs = 5000;

/** Counts what a server sends of its one object, by what its log says. */
export class SentMeter {
  private readonly log: RequestLog;
  private readonly ended: (readonly Range[])[] = [];
  /** Requests of sessions that are over. */
  private seen = 0;
  private samples: (readonly [atMs: number, bytes: number])[] = [];
  private readonly timer: NodeJS.Timeout;

  constructor(log: RequestLog) {
    this.log = log;
    this.timer = setInterval(() => this.sample(), everyMs);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** All bytes so far. */
  total(): number {
    return this.log.entries.reduce((sum, request) => sum + request.bodyBytes, 0);
  }

  /** How many had been sent so many milliseconds ago; at most five seconds. */
  totalBefore(ms: number): number {
    const then = performance.now() - ms;
    return this.samples.findLast(([atMs]) => atMs <= then)?.[1] ?? 0;
  }

  /** Bytes of this session so far. */
  sessionBytes(): number {
    return sumOf(this.current());
  }

  /** What is sent from now on is another session's. */
  endSession(): void {
    this.ended.push(this.current());
    this.seen = this.log.entries.length;
  }

  /** What was sent to each session that is over. */
  sessions(): readonly (readonly Range[])[] {
    return this.ended;
  }

  private current(): readonly Range[] {
    return this.log.entries.slice(this.seen).flatMap(sentRange);
  }

  private sample(): void {
    const now = performance.now();
    this.samples = [...this.samples.filter(([atMs]) => atMs > now - keptMs), [now, this.total()]];
  }
}

function sentRange(request: LoggedRequest): readonly Range[] {
  const start = Number(/^bytes=(\d+)-/.exec(request.range ?? '')?.[1] ?? 0);
  return request.status === 200 || request.status === 206 ? [[start, start + request.bodyBytes]] : [];
}
