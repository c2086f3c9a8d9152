import type { Clock } from '../../base/clock.ts';
import { isDead, ownProcess } from './processId.ts';
import type { Owner } from './processId.ts';

/** The time between two checks counts at most this much: a frozen process sees no heartbeats. */
const maxGapMs = 2000;

interface Watch {
  readonly changedMs: number;
  readonly checkedMs: number;
  readonly silentMs: number;
}

/**
 * Detects whether the owners of files are alive, by the modification times that they renew. An owner counts as dead if
 * its process has ended, or was silent for `silentAfterMs` while this process watched.
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
   * Checks one file: to be called about once a second.
   *
   * @param changedMs its modification time
   * @param owner     undefined if unknown
   */
  isAlive(file: string, changedMs: number, owner: Owner | undefined): boolean {
    if (owner !== undefined && isDead(owner)) {
      return false;
    }
    const checkedMs = this.clock.steadyMs();
    const last = this.watches.get(file);
    let silentMs = 0;
    if (last === undefined) {
      silentMs = this.ageAtFirst(changedMs, owner);
    } else if (last.changedMs === changedMs) {
      silentMs = last.silentMs + Math.min(checkedMs - last.checkedMs, maxGapMs);
    }
    this.watches.set(file, { changedMs, checkedMs, silentMs });
    return silentMs < this.silentAfterMs;
  }

  /** Forgets the files that do not exist any more. */
  retain(exists: (file: string) => boolean): void {
    for (const file of this.watches.keys()) {
      if (!exists(file)) {
        this.watches.delete(file);
      }
    }
  }

  /**
   * Silence at the first check. The age by the wall clock proves nothing, since the machine may have been busy or
   * asleep, except for this process: a crashed worker thread leaves its files under the id of the living process.
   */
  private ageAtFirst(changedMs: number, owner: Owner | undefined): number {
    const isOwn = owner?.pid === ownProcess.pid && owner.machine === ownProcess.machine;
    return isOwn ? Math.abs(this.clock.wallMs() - changedMs) : 0;
  }
}
