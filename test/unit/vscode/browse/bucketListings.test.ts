import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import type { BucketLocation } from '../../../../src/oss/model.ts';
import type { Addressing, CredentialsSource } from '../../../../src/oss/profile.ts';
import { BucketListings } from '../../../../src/vscode/browse/bucketListings.ts';
import { bucketNode, pinnedNode, prefixNode, profileNode } from '../../../../src/vscode/treeNodes.ts';
import type { BucketTreeNode, ListNode } from '../../../../src/vscode/treeNodes.ts';
import { FakeLister, bucket, listed } from '../support/fakeLister.ts';

function rig({
  credentials = 'accessKey',
  addressing,
  pins = [],
}: {
  credentials?: CredentialsSource;
  addressing?: Addressing;
  pins?: readonly (readonly [bucket: string, prefix?: string])[];
} = {}) {
  const lister = new FakeLister();
  const logged: string[] = [];
  const listings = new BucketListings(
    lister,
    {
      profile: (name) => ({ name, credentials, ...(addressing === undefined ? {} : { addressing }) }),
      pinned: (profile): readonly BucketLocation[] =>
        pins.map(([name, prefix]) => ({ profile, bucket: name, ...(prefix === undefined ? {} : { prefix }) })),
    },
    (error) => logged.push(error.code),
  );
  return { lister, listings, logged };
}

const kinds = (nodes: readonly BucketTreeNode[]): string[] =>
  nodes.map((node) => (node.kind === 'note' ? node.note : node.kind));
const bucketNames = (nodes: readonly BucketTreeNode[]): string[] =>
  nodes.flatMap((node) => (node.kind === 'bucket' ? [node.bucket.bucket] : []));
const pinnedFolder = (prefix: string): ListNode => pinnedNode({ profile: 'p', bucket: 'b-1', prefix });
const accessDenied = (): AppError => new AppError('auth/accessDenied', 'no');

describe('BucketListings', () => {
  const root = bucketNode({ profile: 'p', bucket: 'b-1' });

  it('a bucket of a million keys takes one request and ends its page with "Load more…"', async () => {
    const { lister, listings } = rig();
    lister.entries.push({ items: [{ kind: 'prefix', prefix: 'a/' }, listed('b')], next: 'b' });
    assert.deepEqual(kinds(await listings.children(root)), ['prefix', 'object', 'more']);
    assert.deepEqual(lister.asked, ['b-1/ first']);
  });

  it('loaded rows stay the same rows when the next page arrives', async () => {
    const { lister, listings } = rig();
    lister.entries.push({ items: [listed('a')], next: 'a' }, { items: [listed('b')] });
    const before = await listings.children(root);
    await listings.loadMore(root);
    const after = await listings.children(root);
    assert.equal(after[0], before[0]);
    assert.deepEqual(kinds(after), ['object', 'object']);
    assert.deepEqual(lister.asked, ['b-1/ first', 'b-1/ a']);
  });

  it('each filter has a listing of its own, requested by prefix and forgotten with the row', async () => {
    const { lister, listings } = rig();
    const folder = prefixNode({ profile: 'p', bucket: 'b-1' }, 'f/', '');
    lister.entries.push(
      { items: [listed('f/a1')], next: 'a1' },
      { items: [listed('f/a2')] },
      { items: [] },
      { items: [listed('f/a1'), listed('f/b')] },
      { items: [] },
    );
    assert.deepEqual(kinds(await listings.children(folder, 'a')), ['object', 'more']);
    await listings.loadMore(folder, 'a');
    assert.deepEqual(kinds(await listings.children(folder, 'a')), ['object', 'object']);
    assert.deepEqual(kinds(await listings.children(folder, 'x')), ['noMatch']);
    assert.deepEqual(kinds(await listings.children(folder)), ['object', 'object']);
    listings.forget(folder);
    await listings.children(folder, 'a');
    assert.deepEqual(lister.asked, ['b-1/f/a first', 'b-1/f/a a1', 'b-1/f/x first', 'b-1/f/ first', 'b-1/f/a first']);
  });

  it('the empty folder marker is hidden, but a folder object with content is shown', async () => {
    const { lister, listings } = rig();
    const folder = prefixNode({ profile: 'p', bucket: 'b-1' }, 'f/', '');
    lister.entries.push({ items: [listed('f/', 0)] }, { items: [listed('f/', 3)] });
    assert.deepEqual(kinds(await listings.children(folder)), ['empty']);
    listings.forget(folder);
    assert.deepEqual(kinds(await listings.children(folder)), ['object']);
  });

  it('a failed page adds an error row after the earlier rows, and is logged', async () => {
    const { lister, listings, logged } = rig();
    lister.entries.push({ items: [listed('a')], next: 'a' }, new AppError('server/failed', 'no'));
    await listings.children(root);
    await listings.loadMore(root);
    assert.deepEqual(kinds(await listings.children(root)), ['object', 'error']);
    assert.deepEqual(logged, ['server/failed']);
  });

  it('a folder is forgotten with its contents, and nothing else', async () => {
    const { lister, listings } = rig();
    const a = prefixNode({ profile: 'p', bucket: 'b-1' }, 'a/', '');
    const below = prefixNode({ profile: 'p', bucket: 'b-1' }, 'a/b/', 'a/');
    const beside = prefixNode({ profile: 'p', bucket: 'b-1' }, 'ab/', '');
    lister.entries.push({ items: [] }, { items: [] }, { items: [] }, { items: [] }, { items: [] });
    for (const node of [a, below, beside]) await listings.children(node);
    listings.forget(a);
    for (const node of [a, below, beside]) await listings.children(node);
    assert.deepEqual(lister.asked, [
      'b-1/a/ first',
      'b-1/a/b/ first',
      'b-1/ab/ first',
      'b-1/a/ first',
      'b-1/a/b/ first',
    ]);
  });

  it('a profile is forgotten with all its listings', async () => {
    const { lister, listings } = rig();
    lister.buckets.push({ items: [bucket('b-1')] }, { items: [bucket('b-1')] });
    lister.entries.push({ items: [] }, { items: [] });
    const open = async (): Promise<void> => {
      await listings.children(profileNode('p'));
      await listings.children(root);
    };
    await open();
    listings.forget(profileNode('p'));
    await open();
    assert.equal(lister.asked.length, 4);
  });

  it('a pinned bucket comes before the listed ones, and only once, with the facts of the listing', async () => {
    const { lister, listings } = rig({ pins: [['mine'], ['b-2']] });
    lister.buckets.push({ items: [bucket('b-1'), bucket('b-2')] });
    const shown = await listings.children(profileNode('p'));
    assert.deepEqual(bucketNames(shown), ['mine', 'b-2', 'b-1']);
    assert.equal(shown[1]?.kind === 'bucket' && shown[1].listed?.region, 'cn-hangzhou');
  });

  it('a key that may not list buckets gets an offer to add one by name', async () => {
    const { lister, listings } = rig();
    lister.buckets.push(accessDenied());
    const [only, ...others] = await listings.children(profileNode('p'));
    assert.equal(only?.kind, 'error');
    assert.deepEqual(others, []);
  });

  it('pinned buckets are shown without an error if the key may not list buckets', async () => {
    const { lister, listings } = rig({ pins: [['mine'], ['b-1', 'team/']] });
    lister.buckets.push(accessDenied());
    assert.deepEqual(kinds(await listings.children(profileNode('p'))), ['bucket', 'prefix', 'addBucket']);
  });

  it('a pinned folder is listed by its prefix, and its bucket never', async () => {
    const { lister, listings } = rig();
    lister.entries.push(
      { items: [{ kind: 'prefix', prefix: 'team/a/' }, listed('team/x')] },
      { items: [listed('team/a/y')] },
    );
    const [inner] = await listings.children(pinnedFolder('team/'));
    assert(inner?.kind === 'prefix');
    await listings.children(inner);
    assert.deepEqual(lister.asked, ['b-1/team/ first', 'b-1/team/a/ first']);
  });

  it('a folder below its bucket and the same pinned folder have rows with different ids', async () => {
    const { lister, listings } = rig();
    const page = { items: [{ kind: 'prefix', prefix: 'a/b/' } as const, listed('a/x')], next: 'a/x' };
    lister.entries.push(page, page);
    const below = prefixNode({ profile: 'p', bucket: 'b-1' }, 'a/', '');
    const nodes = [
      below,
      ...(await listings.children(below)),
      pinnedFolder('a/'),
      ...(await listings.children(pinnedFolder('a/'))),
      pinnedFolder('a/b/'),
    ];
    assert.equal(nodes.length, 9);
    assert.equal(new Set(nodes.map(({ id }) => id)).size, 9);
  });

  it('a pinned folder is forgotten without the same folder below its bucket', async () => {
    const { lister, listings } = rig();
    const rows = [
      root,
      prefixNode({ profile: 'p', bucket: 'b-1' }, 'a/', ''),
      pinnedFolder('a/'),
      prefixNode({ profile: 'p', bucket: 'b-1' }, 'a/b/', 'a/', 'a/'),
      pinnedFolder('a/b/'),
    ];
    const openAll = async (): Promise<readonly string[]> => {
      lister.asked.length = 0;
      lister.entries.splice(0, Infinity, ...rows.map(() => ({ items: [] })));
      for (const row of rows) await listings.children(row);
      return lister.asked;
    };
    await openAll();
    listings.forget(pinnedFolder('a/'));
    assert.deepEqual(await openAll(), ['b-1/a/ first', 'b-1/a/b/ first']);
    listings.forget(root);
    assert.deepEqual(await openAll(), ['b-1/ first', 'b-1/a/ first']);
    listings.forget(profileNode('p'));
    assert.equal((await openAll()).length, rows.length);
  });

  it('the buckets of an anonymous profile are never requested', async () => {
    const { lister, listings } = rig({ credentials: 'anonymous', pins: [['open']] });
    assert.deepEqual(kinds(await listings.children(profileNode('p'))), ['bucket', 'addBucket']);
    assert.deepEqual(lister.asked, []);
  });

  it('a domain of one bucket is never asked for all buckets', async () => {
    const { lister, listings } = rig({ addressing: 'cname', pins: [['bound']] });
    assert.deepEqual(kinds(await listings.children(profileNode('p'))), ['bucket', 'addBucket']);
    assert.deepEqual(lister.asked, []);
  });

  it('an object `a` and a folder `a/` have different ids', async () => {
    const { lister, listings } = rig();
    lister.entries.push({ items: [listed('a'), { kind: 'prefix', prefix: 'a/' }] });
    const ids = (await listings.children(root)).map(({ id }) => id);
    assert.equal(new Set(ids).size, 2);
  });
});
