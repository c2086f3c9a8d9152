import { isAbort } from '../../base/abort.ts';
import { SingleFlight } from '../../base/async.ts';
import { toAppError } from '../../base/errors.ts';
import type { AppError } from '../../base/errors.ts';
import type { Page } from '../../oss/objectLister.ts';

/** Fetches the page after the token `after`; the first page for undefined. */
export type FetchPage<T> = (after: string | undefined, signal: AbortSignal) => Promise<Page<T>>;

/**
 * One listing, fetched page by page with at most one request at a time.
 * Fetched pages remain when a later page fails; a retry continues after them.
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

  /** @param onFailure called for every page that could not be fetched, unless aborted */
  constructor(fetchPage: FetchPage<T>, onFailure: (error: AppError) => void) {
    this.fetchPage = fetchPage;
    this.onFailure = onFailure;
  }

  get items(): readonly T[] {
    return this.fetched;
  }

  /** Error of the last page; undefined if it was fetched. */
  get error(): AppError | undefined {
    return this.failure;
  }

  get hasMore(): boolean {
    return this.next !== undefined;
  }

  /** Fetches the first page, once. Never rejects: see `error`. */
  async open(): Promise<void> {
    if (!this.started || this.fetching.isRunning()) {
      await this.fetchNext();
    }
  }

  /**
   * Fetches the next page, or retries a failed one. Concurrent callers share one request. Never rejects: see `error`.
   */
  async fetchNext(): Promise<void> {
    await this.fetching.run(() => this.fetch());
  }

  /** Aborts the current request; the listing must not be used afterwards. */
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
