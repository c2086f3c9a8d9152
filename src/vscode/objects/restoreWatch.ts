import type { Disposable } from '../../base/disposable.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { ObjectMeta, ObjectRef } from '../../oss/model.ts';
import { hasTrait } from '../errors/errorTraits.ts';

/** A requested restore that has not finished. */
export interface PendingRestore {
  readonly object: ObjectRef;
  /** Time of the request, in milliseconds since the epoch. */
  readonly sinceMs: number;
}

export interface RestoreWatchParts {
  /** Returns the saved list of the last session, unchecked. */
  load(): unknown;
  save(pending: readonly PendingRestore[]): PromiseLike<void>;
  head(object: ObjectRef, signal: AbortSignal): Promise<ObjectMeta>;
  onReady(object: ObjectRef): void;
  readonly logger: Logger;
}

const shortestMs = 15_000;
const longestMs = 10 * 60_000;
/** Polling for a restore stops after this time; none takes longer than two days. */
const givenUpMs = 4 * 86_400_000;

/** Reports when archived objects become readable, including restores requested before a restart. */
export class RestoreWatch implements Disposable {
  private readonly parts: RestoreWatchParts;
  private readonly closing = new AbortController();
  private pending: readonly PendingRestore[];
  private timer: NodeJS.Timeout | undefined;

  constructor(parts: RestoreWatchParts) {
    this.parts = parts;
    this.pending = readPending(parts.load());
    this.schedule();
  }

  async add(objects: readonly ObjectRef[]): Promise<void> {
    const names = new Set(objects.map(nameOf));
    await this.keep([
      ...this.pending.filter(({ object }) => !names.has(nameOf(object))),
      ...objects.map((object) => ({ object, sinceMs: Date.now() })),
    ]);
    clearTimeout(this.timer);
    this.schedule();
  }

  dispose(): void {
    this.closing.abort();
    clearTimeout(this.timer);
  }

  /** Schedules the next poll; the interval grows with the age of the restore. */
  private schedule(): void {
    const [newest] = this.pending.map(({ sinceMs }) => Date.now() - sinceMs).sort((a, b) => a - b);
    if (newest !== undefined && !this.closing.signal.aborted) {
      this.timer = setTimeout(
        () => void this.poll().catch((error: unknown) => this.log(error)),
        Math.min(longestMs, Math.max(shortestMs, newest / 4)),
      );
    }
  }

  private async poll(): Promise<void> {
    for (const each of this.pending) {
      const verdict = await this.verdictOn(each);
      if (this.closing.signal.aborted) {
        return;
      }
      if (verdict !== 'pending') {
        await this.keep(this.pending.filter((other) => other !== each));
      }
      if (verdict === 'ready') {
        this.parts.onReady(each.object);
      }
    }
    this.schedule();
  }

  private async verdictOn({ object, sinceMs }: PendingRestore): Promise<'ready' | 'pending' | 'over'> {
    try {
      const { restore } = await this.parts.head(object, this.closing.signal);
      if (restore?.kind === 'restored') {
        return 'ready';
      }
      return restore?.kind === 'ongoing' && Date.now() - sinceMs < givenUpMs ? 'pending' : 'over';
    } catch (error) {
      const { code } = this.log(error);
      const isGone = hasTrait(code, 'notFound') || hasTrait(code, 'unknownProfile');
      return isGone || Date.now() - sinceMs >= givenUpMs ? 'over' : 'pending';
    }
  }

  private log(error: unknown): AppError {
    const failure = toAppError(error);
    this.parts.logger.log('debug', `whether an object is restored cannot be seen: ${failure.message}`);
    return failure;
  }

  private async keep(pending: readonly PendingRestore[]): Promise<void> {
    this.pending = pending;
    await this.parts.save(pending);
  }
}

function nameOf({ profile, bucket, key, versionId }: ObjectRef): string {
  return JSON.stringify([profile, bucket, key, versionId]);
}

/** Parses the saved list, maybe of another version of this extension; invalid entries are dropped. */
function readPending(saved: unknown): readonly PendingRestore[] {
  return Array.isArray(saved) ? saved.filter(isPending) : [];
}

function isPending(value: unknown): value is PendingRestore {
  if (typeof value !== 'object' || value === null || !('object' in value) || !('sinceMs' in value)) {
    return false;
  }
  const { object, sinceMs } = value;
  return (
    typeof sinceMs === 'number' &&
    typeof object === 'object' &&
    object !== null &&
    'profile' in object &&
    'bucket' in object &&
    'key' in object
  );
}
