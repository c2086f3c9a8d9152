import * as vscode from 'vscode';
import type { Disposable } from '../../base/disposable.ts';
import { formatBytes } from '../../base/format.ts';
import { runCommand } from '../commands.ts';
import { offer } from '../ui/offer.ts';
import type { Downloads } from './downloadList.ts';
import { stateKeys } from '../ids.ts';
import { mayOfferCleaning, oldPartials } from './partials.ts';
import { readSetting } from '../settings/settings.ts';

/** Offers to discard downloads unfinished for `keepPartialsDays`, once those of earlier sessions are loaded. */
export function offerToCleanPartials(
  downloads: Downloads,
  state: vscode.Memento,
  onFailure: (error: unknown) => void,
): Disposable {
  const subscription = downloads.onDidChange((id) => {
    if (id === undefined) {
      subscription.dispose();
      offerCleaning(downloads, state).catch(onFailure);
    }
  });
  return subscription;
}

async function offerCleaning(downloads: Downloads, state: vscode.Memento): Promise<void> {
  const days = readSetting('keepPartialsDays');
  const old = oldPartials(downloads.all, days, Date.now());
  if (old.length === 0 || !mayOfferCleaning(state.get<number>(stateKeys.partialsKeptMs), days, Date.now())) {
    return;
  }
  const size = formatBytes(old.reduce((sum, { bytesDone }) => sum + bytesDone, 0));
  const message =
    old.length === 1
      ? vscode.l10n.t(
          '1 unfinished download has not been touched for more than {0} days. {1} of it are on the disk.',
          days,
          size,
        )
      : vscode.l10n.t(
          '{0} unfinished downloads have not been touched for more than {1} days. {2} of them are on the disk.',
          old.length,
          days,
          size,
        );
  const discard = async (): Promise<void> => {
    const service = await downloads.start();
    // The message may be old: downloads resumed meanwhile are kept.
    const still = new Set(oldPartials(downloads.all, days, Date.now()).map(({ id }) => id));
    await Promise.all(old.flatMap(({ id }) => (still.has(id) ? [service.cancel(id)] : [])));
  };
  await offer('information', message, [
    [vscode.l10n.t('Discard Partials'), discard],
    [vscode.l10n.t('Keep'), async () => state.update(stateKeys.partialsKeptMs, Date.now())],
    [vscode.l10n.t('Show Downloads'), () => runCommand('ossDownloader.showDownloads')],
  ]);
}
