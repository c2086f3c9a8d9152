import type * as vscode from 'vscode';
import { DisposableList } from '../../base/disposable.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Logger } from '../../base/logger.ts';
import type { BucketTree } from './bucketTree.ts';
import { Coalescer } from '../ui/coalesce.ts';
import type { ContextKeys } from '../ui/contextKeys.ts';
import type { ProfileStore } from '../profiles/profileStore.ts';
import { onSettingsChange } from '../settings/settings.ts';

const refreshIntervalMs = 200;

/**
 * Updates the Buckets view and the context keys after a change of the profiles by a command, the settings editor or
 * another window.
 */
export function followProfiles(
  profiles: ProfileStore,
  secrets: vscode.SecretStorage,
  tree: BucketTree,
  contextKeys: ContextKeys,
  logger: Logger,
): Disposable {
  const followed = new DisposableList();
  const refresh = (): void => {
    const problems = profiles.problems();
    for (const problem of problems) {
      logger.log('warn', `settings: ${problem}`);
    }
    const count = profiles.names().length;
    contextKeys.set('ossDownloader.hasProfiles', count > 0);
    contextKeys.set('ossDownloader.severalProfiles', count > 1);
    contextKeys.set('ossDownloader.noProfiles', count + problems.length === 0);
    tree.refresh();
  };
  // Saving a profile changes settings and secrets: one refresh covers both.
  const coalescer = followed.add(new Coalescer<undefined>(refreshIntervalMs, refresh));
  const later = (): void => coalescer.add(undefined);
  followed.add(profiles.onDidChangeProfile(later));
  followed.add(profiles.onDidChangePins(() => tree.redraw()));
  followed.add(profiles.onDidChangeShown(() => tree.redraw()));
  followed.add(onSettingsChange(['ossDownloader.profiles', 'ossDownloader.list.pageSize'], later));
  followed.add(secrets.onDidChange(later));
  refresh();
  return followed;
}
