import * as vscode from 'vscode';
import type { Disposable } from '../base/disposable.ts';
import { formatBytes } from '../base/format.ts';
import { hasEarlierDownloads } from '../download/earlierDownloads.ts';
import type { DownloadSnapshot } from '../download/model.ts';
import type { Downloads } from './downloads.ts';
import { ResumeOffer } from './resumeOffer.ts';
import { readSetting } from './settings.ts';
import type { ErrorPresenter } from './showError.ts';
import type { Transfers } from './transfers.ts';
import { bytesLeft } from './transferSummary.ts';

/**
 * Starts the engine at once only where an earlier session or another window has left downloads, and offers to resume
 * the interrupted ones as the settings say.
 *
 * @param storagePath where the checkpoints are
 */
export function resumeEarlierDownloads(downloads: Downloads, transfers: Transfers, errors: ErrorPresenter, storagePath: string): Disposable {
  const onFailure = (error: unknown): void => errors.show(error);
  const offer = new ResumeOffer(downloads, {
    mode: () => readSetting('resumeOnStartup'),
    ask: askToResume,
    resume: (ids) => transfers.resume(ids, false),
    onFailure,
  });
  startWhereNeeded(downloads, storagePath).catch(onFailure);
  return offer;
}

async function startWhereNeeded(downloads: Downloads, storagePath: string): Promise<void> {
  if (await hasEarlierDownloads(storagePath)) {
    await downloads.start();
  }
}

async function askToResume(interrupted: readonly DownloadSnapshot[]): Promise<boolean> {
  const resume = vscode.l10n.t('Resume');
  const left = formatBytes(bytesLeft(interrupted));
  const question =
    interrupted.length === 1 ? vscode.l10n.t('Resume 1 download ({0} left)?', left) : vscode.l10n.t('Resume {0} downloads ({1} left)?', interrupted.length, left);
  return (await vscode.window.showInformationMessage(question, resume, vscode.l10n.t('Not Now'))) === resume;
}
