import * as vscode from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { BucketLocation } from '../../oss/model.ts';
import type { BucketTree } from './bucketTree.ts';
import { bucketLocationOf } from '../treeNodes.ts';
import type { BucketTreeNode, ListNode } from '../treeNodes.ts';
import type { CommandHandlers } from '../commands.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import type { ProfileStore } from '../profiles/profileStore.ts';
import { visibleName } from '../ui/displayText.ts';

type Ids =
  | 'ossDownloader.refresh'
  | 'ossDownloader.retryListing'
  | 'ossDownloader.loadMore'
  | 'ossDownloader.filterByPrefix'
  | 'ossDownloader.clearFilter'
  | 'ossDownloader.pin'
  | 'ossDownloader.unpin'
  | 'ossDownloader.copyPath';

/** Commands of the Buckets view: refresh, filter, pin and show. */
export function browseCommands(tree: BucketTree, profiles: ProfileStore): Pick<CommandHandlers, Ids> {
  return {
    'ossDownloader.refresh': (node) => tree.refresh(node === undefined ? undefined : listOf(node)),
    'ossDownloader.retryListing': async (node) => {
      const list = node === undefined ? undefined : listOf(node);
      if (list === undefined) {
        tree.refresh();
      } else {
        await tree.loadMore(list);
      }
    },
    'ossDownloader.loadMore': async (node) => {
      const list = node === undefined ? undefined : listOf(node);
      if (list !== undefined) {
        await tree.loadMore(list);
      }
    },
    'ossDownloader.filterByPrefix': async (node, text) => {
      if (node?.kind !== 'bucket' && node?.kind !== 'prefix') {
        return;
      }
      const typed =
        typeof text === 'string'
          ? text
          : await vscode.window.showInputBox({
              title: vscode.l10n.t('Filter {0}', visibleName(pathOf(node) ?? '')),
              prompt: vscode.l10n.t('What the names begin with. Case counts. Empty: show all.'),
              value: tree.filterOf(node),
            });
      if (typed !== undefined) {
        await tree.filter(node, typed);
      }
    },
    'ossDownloader.clearFilter': async (node) => {
      if (node?.kind === 'bucket' || node?.kind === 'prefix') {
        await tree.filter(node, '');
      }
    },
    'ossDownloader.pin': (target, selection) => profiles.pin(locationsOf(target, selection)),
    'ossDownloader.unpin': (target, selection) => profiles.unpin(locationsOf(target, selection)),
    'ossDownloader.copyPath': async (target, selection) => {
      const paths = clickedOrSelected(target, selection).flatMap((each) => pathOf(each) ?? []);
      if (paths.length === 0) {
        throw new AppError('input/invalidPath', 'nothing was selected whose path could be copied', {
          details: { subject: typeof target },
        });
      }
      await vscode.env.clipboard.writeText(paths.join('\n'));
    },
  };
}

/** The clicked node, or the whole selection if it is part of one. */
function clickedOrSelected<T>(target: T | undefined, selection: readonly T[] | undefined): readonly T[] {
  return selection !== undefined && selection.length > 0 ? selection : target === undefined ? [] : [target];
}

/** The buckets and folders of a selection, each once: a pinned folder is also a row below its bucket. */
function locationsOf(
  target: BucketTreeNode | undefined,
  selection: readonly BucketTreeNode[] | undefined,
): readonly BucketLocation[] {
  const locations = clickedOrSelected(target, selection).flatMap((node) =>
    node.kind === 'bucket' || node.kind === 'prefix' ? (bucketLocationOf(node) ?? []) : [],
  );
  return [
    ...new Map(
      locations.map((location) => [JSON.stringify([location.profile, location.bucket, location.prefix]), location]),
    ).values(),
  ];
}

/** The listing of a node: its own, or the one that contains it. */
function listOf(node: BucketTreeNode): ListNode | undefined {
  switch (node.kind) {
    case 'profile':
    case 'bucket':
    case 'prefix':
      return node;
    case 'more':
    case 'error':
    case 'note':
      return node.parent;
    case 'object':
      return undefined;
  }
}

function pathOf(target: string | BucketTreeNode): string | undefined {
  if (typeof target === 'string') {
    return target;
  }
  switch (target.kind) {
    case 'object':
      return formatOssPath(target.object.ref);
    case 'prefix':
      return formatOssPath({ bucket: target.bucket.bucket, key: target.prefix });
    case 'bucket':
      return formatOssPath({ bucket: target.bucket.bucket, key: '' });
    case 'profile':
    case 'more':
    case 'error':
    case 'note':
      return undefined;
  }
}
