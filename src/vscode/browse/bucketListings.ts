import type { AppError } from '../../base/errors.ts';
import type { ObjectLister } from '../../oss/objectLister.ts';
import type { Profile } from '../../oss/profile.ts';
import { hasTrait } from '../errors/errorTraits.ts';
import {
  bucketNode,
  errorNode,
  isWithin,
  moreNode,
  noteNode,
  objectNode,
  pinnedNode,
  prefixNode,
} from '../treeNodes.ts';
import type { BucketTreeNode, ListNode, BrowsableProfiles } from '../treeNodes.ts';
import { PagedListing } from './pagedListing.ts';

/**
 * The fetched pages, one listing a node; the only state behind the Buckets view.
 * Opening a node for the first time creates its listing, refreshing the node drops it.
 */
export class BucketListings {
  private readonly lister: ObjectLister;
  private readonly profiles: BrowsableProfiles;
  private readonly onFailure: (error: AppError) => void;
  private readonly listings = new Map<string, PagedListing<BucketTreeNode>>();

  /** @param onFailure called for every page that could not be fetched, for the log */
  constructor(lister: ObjectLister, profiles: BrowsableProfiles, onFailure: (error: AppError) => void) {
    this.lister = lister;
    this.profiles = profiles;
    this.onFailure = onFailure;
  }

  /**
   * Returns the children of a node; fetches the first page if necessary.
   * @param filter restricts the direct children of a bucket or folder to this name prefix, in a separate listing
   */
  async children(node: ListNode, filter = ''): Promise<readonly BucketTreeNode[]> {
    if (node.kind === 'profile' && !listsBuckets(this.profiles.profile(node.profile))) {
      return this.pinnedOnly(node);
    }
    const listing = this.listing(node, filter);
    await listing.open();
    return node.kind === 'profile'
      ? this.buckets(node, listing)
      : withEnd(node, listing, listing.items, filter === '' ? 'empty' : 'noMatch');
  }

  /** Fetches the next page of a node, or retries a failed one. */
  async loadMore(node: ListNode, filter = ''): Promise<void> {
    await this.listing(node, filter).fetchNext();
  }

  /** Drops the pages of a node and its descendants, or of all nodes. */
  forget(node?: ListNode): void {
    for (const [key, listing] of this.listings) {
      if (node === undefined || isWithin(idIn(key), node)) {
        listing.dispose();
        this.listings.delete(key);
      }
    }
  }

  private listing(node: ListNode, filter: string): PagedListing<BucketTreeNode> {
    const key = `${node.id}${keySeparator}${filter}`;
    let listing = this.listings.get(key);
    if (listing === undefined) {
      listing = new PagedListing((after, signal) => this.fetch(node, filter, after, signal), this.onFailure);
      this.listings.set(key, listing);
    }
    return listing;
  }

  private async fetch(
    node: ListNode,
    filter: string,
    after: string | undefined,
    signal: AbortSignal,
  ): Promise<{ items: readonly BucketTreeNode[]; next?: string }> {
    if (node.kind === 'profile') {
      const page = await this.lister.listBuckets(node.profile, after, signal);
      return { ...page, items: page.items.map((bucket) => bucketNode(bucket, bucket)) };
    }
    const { prefix, root } = node.kind === 'prefix' ? node : { prefix: '', root: undefined };
    const page = await this.lister.listEntries(node.bucket, prefix + filter, after, signal);
    const items = page.items.flatMap((entry): readonly BucketTreeNode[] => {
      if (entry.kind === 'prefix') {
        return [prefixNode(node.bucket, entry.prefix, prefix, root)];
      }
      // The empty object that marks a folder is the folder itself, not a child.
      const isMarker = entry.object.ref.key === prefix && entry.object.sizeBytes === 0;
      return isMarker ? [] : [objectNode(entry.object, prefix, root)];
    });
    return { ...page, items };
  }

  /** Pinned buckets and folders come first; a pinned bucket is not repeated among the listed ones. */
  private buckets(
    node: ListNode & { kind: 'profile' },
    listing: PagedListing<BucketTreeNode>,
  ): readonly BucketTreeNode[] {
    const listed = new Map(listing.items.map((item) => [item.id, item]));
    const pinned = this.pinnedNodes(node.profile).map((pin) => listed.get(pin.id) ?? pin);
    const isPinned = new Set(pinned.map(({ id }) => id));
    const shown = [...pinned, ...listing.items.filter(({ id }) => !isPinned.has(id))];
    if (listing.error !== undefined && hasTrait(listing.error.code, 'forbidden') && shown.length > 0) {
      return [...shown, noteNode(node, 'addBucket')];
    }
    return withEnd(node, listing, shown, 'noBuckets');
  }

  private pinnedOnly(node: ListNode & { kind: 'profile' }): readonly BucketTreeNode[] {
    return [...this.pinnedNodes(node.profile), noteNode(node, 'addBucket')];
  }

  private pinnedNodes(profile: string): readonly BucketTreeNode[] {
    return this.profiles.pinned(profile).map(pinnedNode);
  }
}

/** Never part of an id: JSON escapes it. */
const keySeparator = '\n';

function idIn(key: string): string {
  return key.slice(0, key.indexOf(keySeparator));
}

/**
 * OSS rejects ListBuckets without a signature and through a domain bound to one bucket, so it is not sent then.
 */
function listsBuckets({ credentials, addressing }: Pick<Profile, 'credentials' | 'addressing'>): boolean {
  return credentials !== 'anonymous' && addressing !== 'cname';
}

/** Appends the row that says why a listing ends. */
function withEnd(
  node: ListNode,
  listing: PagedListing<BucketTreeNode>,
  shown: readonly BucketTreeNode[],
  whenEmpty: 'empty' | 'noMatch' | 'noBuckets',
): readonly BucketTreeNode[] {
  if (listing.error !== undefined) {
    return [...shown, errorNode(node, listing.error)];
  }
  if (listing.hasMore) {
    return [...shown, moreNode(node)];
  }
  return shown.length === 0 ? [noteNode(node, whenEmpty)] : shown;
}
