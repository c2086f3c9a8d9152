import * as vscode from 'vscode';
import type { ObjectMeta, ObjectRef } from '../../oss/model.ts';
import type { ObjectActions, RestoreTier } from '../../oss/objectActions.ts';
import type { ObjectLister } from '../../oss/objectLister.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import { withDelayedProgress } from '../ui/progress.ts';
import type { CommandHandlers } from '../commands.ts';
import { objectCount } from '../ui/localFormat.ts';
import { chooseObjects } from '../start/chooseObjects.ts';
import type { ObjectChoiceParts } from '../start/chooseObjects.ts';
import { dayChoices, durationText, restorePlan, tierChoices } from './restorePlan.ts';
import { visibleName } from '../ui/displayText.ts';

type Ids = 'ossDownloader.restore' | 'ossDownloader.restoreAndDownload';

export interface RestoreCommandParts extends ObjectChoiceParts {
  readonly actions: ObjectActions;
  readonly lister: Pick<ObjectLister, 'head'>;
  /** Notifies the user when these become readable. */
  watch(objects: readonly ObjectRef[]): Promise<void>;
  /**
   * Asks for the destination.
   * @returns a function that queues the downloads, which wait for the restore if necessary;
   * undefined when the user cancelled
   */
  prepareDownloads(objects: readonly ObjectMeta[]): Promise<(() => Promise<void>) | undefined>;
}

interface Wish {
  readonly days: number;
  readonly tier: RestoreTier;
}

/** Commands that restore archived objects, and download them afterwards. */
export function restoreCommands(parts: RestoreCommandParts): Pick<CommandHandlers, Ids> {
  const perform = async (
    target: unknown,
    selection: unknown,
    given: number | undefined,
    thenDownload: boolean,
  ): Promise<void> => {
    const title = thenDownload
      ? vscode.l10n.t('Restore and download an OSS object')
      : vscode.l10n.t('Restore an OSS object');
    const objects = await chooseObjects(parts, target, selection, title);
    if (objects.length === 0) {
      return;
    }
    const metas = await withDelayedProgress((signal) =>
      Promise.all(objects.map((object) => parts.lister.head(object, signal))),
    );
    const { frozen, ongoing } = restorePlan(metas);
    const wish = frozen.length === 0 ? { days: 1, tier: 'Standard' as const } : await askRestore(title, frozen, given);
    const download = wish !== undefined && thenDownload ? await parts.prepareDownloads(metas) : undefined;
    if (wish === undefined || (thenDownload && download === undefined)) {
      return;
    }
    await withDelayedProgress((signal) =>
      Promise.all(
        frozen.map((meta) => parts.actions.restore(meta.ref, { storageClass: meta.storageClass, ...wish }, signal)),
      ),
    );
    const waiting = [...frozen, ...ongoing];
    if (download === undefined) {
      await parts.watch(waiting.map(({ ref }) => ref));
    }
    void vscode.window.showInformationMessage(
      message(metas, waiting, durationText(frozen, wish.tier, vscode.l10n), thenDownload),
    );
    await download?.();
  };
  return {
    'ossDownloader.restore': (target, selection, days) => perform(target, selection, days, false),
    'ossDownloader.restoreAndDownload': (target, selection, days) => perform(target, selection, days, true),
  };
}

/** @param given number of days from the caller; then no dialog is shown */
async function askRestore(
  title: string,
  frozen: readonly ObjectMeta[],
  given: number | undefined,
): Promise<Wish | undefined> {
  if (given !== undefined) {
    return { days: given, tier: 'Standard' };
  }
  const tiers = tierChoices(frozen, vscode.l10n);
  const tier =
    tiers.length === 0
      ? 'Standard'
      : (await vscode.window.showQuickPick(tiers, { title, placeHolder: vscode.l10n.t('How fast?') }))?.tier;
  if (tier === undefined) {
    return undefined;
  }
  const placeHolder = vscode.l10n.t(
    'For how many days is it to be readable? OSS charges for restoring, and for the readable copy.',
  );
  const chosen = await vscode.window.showQuickPick(dayChoices(frozen, vscode.l10n), { title, placeHolder });
  return chosen === undefined ? undefined : { days: chosen.days, tier };
}

function message(
  all: readonly ObjectMeta[],
  waiting: readonly ObjectMeta[],
  duration: string,
  thenDownload: boolean,
): string {
  const l10n = vscode.l10n;
  const [first] = all;
  const what =
    all.length === 1 && first !== undefined ? visibleName(formatOssPath(first.ref)) : objectCount(all.length, l10n);
  if (waiting.length === 0) {
    return thenDownload
      ? l10n.t('{0} can be read: the download begins.', what)
      : l10n.t('{0} can be read: nothing has to be restored.', what);
  }
  return thenDownload
    ? l10n.t(
        '{0}: the restore is under way ({1}). The download begins by itself, also after a restart of the editor.',
        what,
        duration,
      )
    : l10n.t('{0}: the restore is under way ({1}). You are told when it is done.', what, duration);
}
