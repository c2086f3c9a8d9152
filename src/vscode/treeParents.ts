import { bareBucket, bucketNode, isPinnedRoot, parentPrefixOf, prefixNode, profileNode } from './bucketNodes.ts';
import type { BucketTreeNode, ListNode } from './bucketNodes.ts';
import type { BucketRef } from '../oss/model.ts';

/** The row that another one stands below, known by its id; undefined for a profile, and for an error of the settings. */
export function parentOf(node: BucketTreeNode): ListNode | undefined {
  switch (node.kind) {
    case 'profile':
      return undefined;
    case 'bucket':
      return profileNode(node.bucket.profile);
    case 'prefix':
      return isPinnedRoot(node) ? profileNode(node.bucket.profile) : folder(node.bucket, node.parentPrefix, node.root);
    case 'object':
      return folder(node.object.ref, node.parentPrefix, node.root);
    case 'more':
    case 'error':
    case 'note':
      return node.parent;
  }
}

function folder(ref: BucketRef, prefix: string, root: string | undefined): ListNode {
  const bucket = bareBucket(ref);
  return prefix === '' ? bucketNode(bucket) : prefixNode(bucket, prefix, parentPrefixOf(prefix), root);
}
