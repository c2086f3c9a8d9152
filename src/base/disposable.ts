export interface Disposable {
  dispose(): void;
}

/** Disposes its items in reverse order; an item added after that is disposed immediately. */
export class DisposableList implements Disposable {
  private readonly items: Disposable[] = [];
  private disposed = false;

  add<T extends Disposable>(item: T): T {
    if (this.disposed) {
      item.dispose();
    } else {
      this.items.push(item);
    }
    return item;
  }

  dispose(): void {
    this.disposed = true;
    for (let item = this.items.pop(); item !== undefined; item = this.items.pop()) {
      item.dispose();
    }
  }
}
