import type { Disposable } from '../../base/disposable.ts';

/** Delivers values in groups, at most once in `intervalMs`; after an idle interval the first is delivered at once. */
export class Coalescer<T> implements Disposable {
  private readonly intervalMs: number;
  private readonly deliver: (values: readonly T[]) => void;
  private readonly gathered = new Set<T>();
  private timer: NodeJS.Timeout | undefined;

  constructor(intervalMs: number, deliver: (values: readonly T[]) => void) {
    this.intervalMs = intervalMs;
    this.deliver = deliver;
  }

  add(value: T): void {
    this.gathered.add(value);
    if (this.timer === undefined) {
      this.flush();
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.gathered.clear();
  }

  private flush(): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      if (this.gathered.size > 0) {
        this.flush();
      }
    }, this.intervalMs);
    const values = [...this.gathered];
    this.gathered.clear();
    this.deliver(values);
  }
}
