import { isAbort } from '../../base/abort.ts';
import { SingleFlight } from '../../base/async.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppError } from '../../base/errors.ts';
import type { Page } from '../../oss/objectLister.ts';

/** Fetches the page that follows `after`, the first one for undefined. */
export type FetchPage<T> = (after: string | undefined, signal: AbortSignal) => Promise<Page<T>>;

/**
 * One listing as far as it has been asked for: a page at a time, never more than one request under way.
 * What was fetched stays when a later page fails; trying again goes on from there.
 */
export class PagedListing<T> {
  private readonly fetchPage: FetchPage<T>;
  private readonly onFailure: (error: AppError) => void;
  private readonly controller = new AbortController();
  private readonly fetched: T[] = [];
  private next: string | undefined;
  private started = false;
  private failure: AppError | undefined;
  private readonly fetching = new SingleFlight<void>();

  /** @param onFailure told of every page that could not be fetched; not of one that was aborted */
  constructor(fetchPage: FetchPage<T>, onFailure: (error: AppError) => void) {
    this.fetchPage = fetchPage;
    this.onFailure = onFailure;
  }

  get items(): readonly T[] {
    return this.fetched;
  }

  /** Why the latest page is missing. */
  get error(): AppError | undefined {
    return this.failure;
  }

  get hasMore(): boolean {
    return this.next !== undefined;
  }

  /** Fetches the first page unless that has been tried. Never rejects: see `error`. */
  async open(): Promise<void> {
    if (!this.started || this.fetching.isRunning()) {
      await this.fetchNext();
    }
  }

  /**
   * Fetches the page after the last one, or tries a failed one again. Callers at the same time share one request. Never
   * rejects: see `error`.
   */
  async fetchNext(): Promise<void> {
    await this.fetching.run(() => this.fetch());
  }

  /** Ends a request under way; the listing is not to be used again. */
  dispose(): void {
    this.controller.abort();
  }

  private async fetch(): Promise<void> {
    const { signal } = this.controller;
    if (this.started && this.next === undefined && this.failure === undefined) {
      return;
    }
    this.started = true;
    this.failure = undefined;
    try {
      const page = await this.fetchPage(this.next, signal);
      this.fetched.push(...page.items);
      this.next = page.next;
    } catch (error) {
      if (!isAbort(error, signal)) {
        this.failure = toAppError(error);
        this.onFailure(this.failure);
      }
    }
  }
}
