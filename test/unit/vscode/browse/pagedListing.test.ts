import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import { PagedListing } from '../../../../src/vscode/browse/pagedListing.ts';
import type { FetchPage } from '../../../../src/vscode/browse/pagedListing.ts';

const unexpected = (): void => assert.fail('no page failed');

describe('PagedListing', () => {
  it('opening a listing repeatedly fetches one page, and the next only on request', async () => {
    const asked: (string | undefined)[] = [];
    const listing = new PagedListing<string>((after) => {
      asked.push(after);
      return Promise.resolve(after === undefined ? { items: ['a'], next: 'a' } : { items: ['b'] });
    }, unexpected);
    await Promise.all([listing.open(), listing.open()]);
    await listing.open();
    assert.deepEqual(asked, [undefined]);
    assert.deepEqual(listing.items, ['a']);
    assert.equal(listing.hasMore, true);
    await listing.fetchNext();
    await listing.fetchNext();
    assert.deepEqual(asked, [undefined, 'a']);
    assert.deepEqual(listing.items, ['a', 'b']);
    assert.equal(listing.hasMore, false);
  });

  it('two clicks on "Load more" send one request', async () => {
    let requests = 0;
    const listing = new PagedListing<number>(() => {
      requests += 1;
      return Promise.resolve({ items: [requests], next: String(requests) });
    }, unexpected);
    await listing.open();
    await Promise.all([listing.fetchNext(), listing.fetchNext()]);
    assert.deepEqual(listing.items, [1, 2]);
  });

  it('a failed page keeps the earlier ones, and a retry continues from there', async () => {
    const pages: (() => ReturnType<FetchPage<string>>)[] = [
      () => Promise.resolve({ items: ['a'], next: 'a' }),
      () => Promise.reject(new AppError('network/interrupted', 'broken')),
      () => Promise.resolve({ items: ['b'] }),
    ];
    const asked: (string | undefined)[] = [];
    const listing = new PagedListing<string>(
      (after) => {
        asked.push(after);
        return pages.shift()!();
      },
      () => undefined,
    );
    await listing.open();
    await listing.fetchNext();
    assert.equal(listing.error?.code, 'network/interrupted');
    assert.deepEqual(listing.items, ['a']);
    await listing.fetchNext();
    assert.equal(listing.error, undefined);
    assert.deepEqual(listing.items, ['a', 'b']);
    assert.deepEqual(asked, [undefined, 'a', 'a']);
  });

  it('a failed first page is not retried just because its node is opened again', async () => {
    let requests = 0;
    const listing = new PagedListing<string>(
      () => {
        requests += 1;
        return Promise.reject(new AppError('auth/accessDenied', 'no'));
      },
      () => undefined,
    );
    await listing.open();
    await listing.open();
    assert.equal(requests, 1);
  });

  it('a dropped listing aborts its request without an error', async () => {
    const listing = new PagedListing<string>(
      (_after, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
      unexpected,
    );
    const opened = listing.open();
    listing.dispose();
    await opened;
    assert.equal(listing.error, undefined);
  });
});
