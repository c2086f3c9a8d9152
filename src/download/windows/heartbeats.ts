import type { Clock } from '../../base/clock.ts';
import { isDead, ownProcess } from './processId.ts';
import type { Owner } from './processId.ts';

/** The time between two looks counts at most so much: while this process was frozen, it could hear nobody. */
const longestGapMs = 2000;

interface Watch {
  readonly changedMs: number;
  readonly lookedMs: number;
  readonly silentMs: number;
}

/**
 * Tells whether the owners of files are alive, by the modification times that they renew. A late heartbeat is no death:
 * an owner counts as dead when its process has ended, or was silent for `silentAfterMs` while this process watched.
 */
export class Heartbeats {
  private readonly clock: Clock;
  private readonly silentAfterMs: number;
  private readonly watches = new Map<string, Watch>();

  constructor(clock: Clock, silentAfterMs: number) {
    this.clock = clock;
    this.silentAfterMs = silentAfterMs;
  }

  /**
   * Looks at one file; to be repeated about once a second.
   *
   * @param changedMs its modification time
   * @param owner     undefined where the file does not tell
   */
  isAlive(file: string, changedMs: number, owner: Owner | undefined): boolean {
    if (owner !== undefined && isDead(owner)) {
      return false;
    }
    const lookedMs = this.clock.steadyMs();
    const last = this.watches.get(file);
    let silentMs = 0;
    if (last === undefined) {
      silentMs = this.ageAtFirst(changedMs, owner);
    } else if (last.changedMs === changedMs) {
      silentMs = last.silentMs + Math.min(lookedMs - last.lookedMs, longestGapMs);
    }
    this.watches.set(file, { changedMs, lookedMs, silentMs });
    return silentMs < this.silentAfterMs;
  }

  /** Forgets the files that are no longer there. */
  retain(isThere: (file: string) => boolean): void {
    for (const file of this.watches.keys()) {
      if (!isThere(file)) {
        this.watches.delete(file);
      }
    }
  }

  /**
   * The age by the wall clock proves nothing, since the machine may have been busy or asleep, except of this very
   * process: it is awake, and a worker thread of it that has died leaves its files under a process id that lives on.
   */
  private ageAtFirst(changedMs: number, owner: Owner | undefined): number {
    const isOwn = owner?.pid === ownProcess.pid && owner.machine === ownProcess.machine;
    return isOwn ? Math.abs(this.clock.wallMs() - changedMs) : 0;
  }
}
