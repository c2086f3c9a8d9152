import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import type { BucketLocation } from '../../../../src/oss/model.ts';
import type { ListedEntry, Page } from '../../../../src/oss/objectLister.ts';
import { BucketListings } from '../../../../src/vscode/browse/bucketListings.ts';
import { nodeId } from '../../../../src/vscode/treeNodes.ts';
import { findRow } from '../../../../src/vscode/browse/findRow.ts';
import type { Found } from '../../../../src/vscode/browse/findRow.ts';
import { FakeLister, bucket, listed } from '../support/fakeLister.ts';

const never = new AbortController().signal;
const folder = (prefix: string): ListedEntry => ({ kind: 'prefix', prefix });
const rowId = (found: Found): string => (found.kind === 'row' ? found.row.id : found.kind);
const id = (kind: 'bucket' | 'prefix' | 'object', key = '', root?: string): string =>
  nodeId(kind, 'p', 'b-1', key, root);
const denied = (): AppError => new AppError('auth/accessDenied', 'no');

function rig(prefixes: readonly string[] = []) {
  const lister = new FakeLister();
  const pins: readonly BucketLocation[] = prefixes.map((prefix) => ({ profile: 'p', bucket: 'b-1', prefix }));
  const listings = new BucketListings(
    lister,
    { profile: (name) => ({ name, credentials: 'accessKey' }), pinned: () => pins },
    () => undefined,
  );
  const find = (key: string, signal = never): Promise<Found> =>
    findRow(listings, pins, { profile: 'p', bucket: 'b-1', key }, signal);
  const list = (...pages: readonly (Page<ListedEntry> | Error)[]): void => void lister.entries.push(...pages);
  return { lister, find, list };
}

describe('finding a path in the tree', () => {
  it('a path is opened folder by folder, each once, down to the object', async () => {
    const { lister, find, list } = rig();
    lister.buckets.push({ items: [bucket('b-0'), bucket('b-1')] });
    list({ items: [folder('a/'), listed('z')] }, { items: [folder('a//')] }, { items: [listed('a//x')] });
    assert.equal(rowId(await find('a//x')), id('object', 'a//x'));
    assert.equal(rowId(await find('a//')), id('prefix', 'a//'));
    assert.equal(rowId(await find('')), id('bucket'));
    assert.deepEqual(lister.asked, ['buckets p first', 'b-1/ first', 'b-1/a/ first', 'b-1/a// first']);
  });

  it('a folder is found without its slash, and an object before a folder of the same name', async () => {
    const { lister, find, list } = rig();
    lister.buckets.push({ items: [bucket('b-1')] });
    list({ items: [listed('both'), folder('both/'), folder('only/')] });
    assert.equal(rowId(await find('only')), id('prefix', 'only/'));
    assert.equal(rowId(await find('both')), id('object', 'both'));
    assert.equal(rowId(await find('both/')), id('prefix', 'both/'));
  });

  it('a path is searched below the innermost pinned folder, without requests above it', async () => {
    const { lister, find, list } = rig(['a/', 'a/b/']);
    assert.equal(rowId(await find('a/b/')), id('prefix', 'a/b/', 'a/b/'));
    list({ items: [folder('a/b/c/')] }, { items: [listed('a/b/c/x')] });
    assert.equal(rowId(await find('a/b/c/x')), id('object', 'a/b/c/x', 'a/b/'));
    assert.deepEqual(lister.asked, ['b-1/a/b/ first', 'b-1/a/b/c/ first']);
  });

  it('pages are fetched until the name would have appeared', async () => {
    const { lister, find, list } = rig();
    lister.buckets.push({ items: [bucket('b-1')] });
    list(
      { items: [listed('a')], next: 'a' },
      { items: [listed('c')], next: 'c' },
      { items: [listed('e')], next: 'e' },
      { items: [listed('\u{ffff}')], next: 'f' },
    );
    assert.equal(rowId(await find('c')), id('object', 'c'));
    await assert.rejects(find('d'), { code: 'object/notFound', details: { subject: 'oss://b-1/d' } });
    // U+10000 sorts after U+FFFF in OSS, and before it in UTF-16.
    list({ items: [listed('\u{10000}')] });
    assert.equal(rowId(await find('\u{10000}')), id('object', '\u{10000}'));
    assert.equal(lister.asked.length, 1 + 5);
  });

  it('a search ends after 20 pages of a listing and names it', async () => {
    const { lister, find, list } = rig();
    lister.buckets.push({ items: [bucket('b-1')] });
    list(
      { items: [folder('a/')] },
      ...Array.from({ length: 30 }, (_, page) => ({ items: [listed(`a/${page + 100}`)], next: String(page) })),
    );
    const found = await find('a/z');
    assert(found.kind === 'tooFar');
    assert.equal(found.parent.id, id('prefix', 'a/'));
    assert.equal(lister.asked.length, 2 + 20);
  });

  it('a bucket that is not listed is not found, also if buckets may not be listed', async () => {
    for (const answer of [{ items: [bucket('b-2')] }, denied()]) {
      const { lister, find } = rig();
      lister.buckets.push(answer);
      assert.equal(rowId(await find('a')), 'notShown');
    }
  });

  it('a search fails with the error of a listing on the way', async () => {
    const { lister, find } = rig();
    lister.buckets.push(new AppError('network/unreachable', 'no'));
    await assert.rejects(find('a/x'), { code: 'network/unreachable' });
    const pinned = rig(['a/']);
    pinned.list(denied());
    await assert.rejects(pinned.find('a/x'), { code: 'auth/accessDenied' });
  });

  it('an aborted search ends', async () => {
    const { lister, find } = rig();
    lister.listBuckets = () => new Promise(() => undefined);
    const stop = new AbortController();
    const finding = find('a', stop.signal);
    stop.abort(new Error('enough'));
    await assert.rejects(finding, /enough/);
  });
});
