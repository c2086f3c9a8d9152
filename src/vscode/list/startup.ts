import path from 'node:path';
import * as vscode from 'vscode';
import { DisposableList } from '../../base/disposable.ts';
import type { Disposable } from '../../base/disposable.ts';
import { formatBytes } from '../../base/format.ts';
import { checkpointFolder, hasEarlierDownloads } from '../../download/checkpoint/earlierDownloads.ts';
import type { Row } from './row.ts';
import type { Downloads } from './downloadList.ts';
import { ResumeOffer } from './resumeOffer.ts';
import { readSetting } from '../settings/settings.ts';
import type { ErrorPresenter } from '../errors/showError.ts';
import type { Transfers } from './notifications.ts';
import { bytesLeft } from './summary.ts';

/**
 * Starts the engine only where an earlier session has left downloads, or as soon as another window begins one, and
 * offers to resume the interrupted ones as the settings say.
 *
 * @param storagePath where the checkpoints are
 */
export function resumeEarlierDownloads(
  downloads: Downloads,
  transfers: Transfers,
  errors: ErrorPresenter,
  storagePath: string,
): Disposable {
  const onFailure = (error: unknown): void => errors.show(error);
  const offer = new ResumeOffer(downloads, {
    mode: () => readSetting('resumeOnStartup'),
    ask: askToResume,
    resume: (ids) => transfers.resume(ids, false),
    onFailure,
  });
  const own = new DisposableList();
  own.add(offer);
  startWhereNeeded(downloads, storagePath, own).catch(onFailure);
  return own;
}

async function startWhereNeeded(downloads: Downloads, storagePath: string, own: DisposableList): Promise<void> {
  // before the look, so that nothing comes in between
  const checkpoints = vscode.workspace.createFileSystemWatcher(
    new vscode.RelativePattern(vscode.Uri.file(path.join(storagePath, checkpointFolder)), '*'),
    false,
    true,
    true,
  );
  own.add(checkpoints);
  own.add(
    checkpoints.onDidCreate(() => {
      checkpoints.dispose();
      // what cannot start now is said when the user wants something of it
      downloads.start().catch(() => undefined);
    }),
  );
  if (await hasEarlierDownloads(storagePath)) {
    checkpoints.dispose();
    await downloads.start();
  }
}

async function askToResume(interrupted: readonly Row[]): Promise<boolean> {
  const resume = vscode.l10n.t('Resume');
  const left = formatBytes(bytesLeft(interrupted));
  const question =
    interrupted.length === 1
      ? vscode.l10n.t('Resume 1 download ({0} left)?', left)
      : vscode.l10n.t('Resume {0} downloads ({1} left)?', interrupted.length, left);
  return (await vscode.window.showInformationMessage(question, resume, vscode.l10n.t('Not Now'))) === resume;
}
