import type { DownloadSnapshot } from '../../../src/download/model.ts';
import type { SoakObject } from './soakObject.ts';

/** A download that stands still for so long, with nobody having told it to, hangs. */
const hangMs = 90_000;

/** One download of the soak, from the wish for it to the checked file. */
export class SoakJob {
  readonly object: SoakObject;
  readonly path: string;
  readonly secret: boolean;
  id: string | undefined;
  /** A call about it is under way: no second one meanwhile. */
  busy = false;
  /** Steady time at which a pause ends. */
  pausedUntilMs = 0;
  failures = 0;
  private seen = '';
  private movedMs = performance.now();

  constructor(object: SoakObject, path: string, secret: boolean) {
    this.object = object;
    this.path = path;
    this.secret = secret;
  }

  /** To be told what the download looks like now and then. @returns false when nothing has moved for too long */
  moves(snapshot: DownloadSnapshot | undefined): boolean {
    const now = `${snapshot?.state.kind ?? 'gone'} ${snapshot?.bytesDone ?? 0} ${this.failures}`;
    if (now !== this.seen) {
      this.seen = now;
      this.touch();
    }
    return performance.now() - this.movedMs < hangMs;
  }

  /** It has a reason to stand still, or was just seen to hang and is not to be reported again at once. */
  touch(): void {
    this.movedMs = performance.now();
  }
}
