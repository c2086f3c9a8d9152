import assert from 'node:assert/strict';
import {
  bucketNode,
  moreNode,
  objectNode,
  pinnedNode,
  prefixNode,
  profileNode,
  settingsErrorNode,
  parentOf,
} from '../../../src/vscode/treeNodes.ts';
import type { BucketTreeNode } from '../../../src/vscode/treeNodes.ts';
import { object } from './support/fakeLister.ts';

const inBucket = { profile: 'p', bucket: 'b-1' };

/** The rows from the root to this one. */
function trail(node: BucketTreeNode): readonly string[] {
  const parent = parentOf(node);
  return [...(parent === undefined ? [] : trail(parent)), node.id];
}

describe('parent rows', () => {
  const profile = profileNode('p');
  const root = bucketNode(inBucket);

  it('the parents of a row are its folders, its bucket and its profile', () => {
    const [a, empty] = [prefixNode(inBucket, 'a/', ''), prefixNode(inBucket, 'a//', 'a/')];
    assert.deepEqual(
      trail(objectNode(object('a//x'), 'a//')),
      [profile, root, a, empty, objectNode(object('a//x'), 'a//')].map(({ id }) => id),
    );
    assert.deepEqual(
      trail(moreNode(a)),
      [profile, root, a, moreNode(a)].map(({ id }) => id),
    );
    assert.equal(parentOf(settingsErrorNode('x', 0)), undefined);
  });

  it('the parents of a row below a pinned folder end there, directly in the profile', () => {
    const pinned = pinnedNode({ ...inBucket, prefix: 'a/b/' });
    const inner = prefixNode(inBucket, 'a/b/c/', 'a/b/', 'a/b/');
    const file = objectNode(object('a/b/c/x'), 'a/b/c/', 'a/b/');
    assert.deepEqual(
      trail(file),
      [profile, pinned, inner, file].map(({ id }) => id),
    );
  });
});
