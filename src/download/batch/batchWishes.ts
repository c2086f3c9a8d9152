import { AppError, toAppError } from '../../base/errors.ts';
import type { Askable, Wish } from '../windows/otherWindows.ts';
import type { BatchHeader } from './batchRecord.ts';
import type { BatchTools } from './batchTools.ts';

/** What may be wished of a batch. */
const actions = ['pause', 'cancel'] as const satisfies readonly Askable[];
export type BatchAction = (typeof actions)[number];

/** As often as wishes for single downloads are looked for. */
const lookMs = 500;
/** A window that has taken a wish stops some dozens of downloads, and removes what they left. */
const actsWithinMs = 15_000;
/** So long one that is being cancelled may seem to belong to nobody; after that its window has closed on the way. */
const leftAfterMs = 3000;
const lookAgainMs = 100;

/**
 * What windows wish of each other's batches: those of other windows for the batches of this one, and the other way
 * round.
 */
export class BatchWishes {
  private readonly tools: BatchTools;
  private readonly own: () => ReadonlySet<string>;
  private readonly perform: (wish: Wish<BatchAction>) => Promise<void>;
  private timer: NodeJS.Timeout | undefined;
  private taking = Promise.resolve();

  /**
   * @param own     ids of the batches that this window is at
   * @param perform does what another window wishes of one of them
   */
  constructor(tools: BatchTools, own: () => ReadonlySet<string>, perform: (wish: Wish<BatchAction>) => Promise<void>) {
    this.tools = tools;
    this.own = own;
    this.perform = perform;
  }

  start(): void {
    this.timer = setInterval(() => {
      this.taking = this.taking.then(() => this.take()).catch((error: unknown) => this.log(error));
    }, lookMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.taking;
  }

  /**
   * Has the window that is at a batch do something with it, and waits until it shows.
   *
   * @param look how it stands here after another look at the disk
   * @returns false where it is still to be done, and no window is at it any more
   * @throws AppError `download/ownedElsewhere` when that window does not answer
   * @throws `signal.reason` when aborted
   */
  async ask(
    { id, label }: Pick<BatchHeader, 'id' | 'label'>,
    action: BatchAction,
    look: () => Promise<'elsewhere' | 'here' | 'gone'>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { clock, windows } = this.tools;
    const isTaken = await windows.ask(id, action, signal);
    const endMs = clock.steadyMs() + (isTaken ? actsWithinMs : 0);
    let leftMs = clock.steadyMs() + leftAfterMs;
    for (;;) {
      const stands = await look();
      if (stands === 'gone' || (stands === 'here' && action === 'pause')) {
        return true;
      }
      if (stands === 'elsewhere') {
        leftMs = clock.steadyMs() + leftAfterMs;
      } else if (!isTaken || clock.steadyMs() >= leftMs) {
        return false;
      }
      if (clock.steadyMs() >= endMs) {
        throw new AppError('download/ownedElsewhere', `the window that is at this batch does not answer: ${label}`, {
          details: { subject: label },
        });
      }
      await clock.delay(lookAgainMs, signal);
    }
  }

  private async take(): Promise<void> {
    const own = this.own();
    const wishes = own.size > 0 ? await this.tools.windows.takeWishes(own, actions) : [];
    for (const wish of wishes) {
      this.perform(wish).catch((error: unknown) => this.log(error));
    }
  }

  private log(error: unknown): void {
    this.tools.logger.log('warn', `a wish of another window: ${toAppError(error).message}`);
  }
}
