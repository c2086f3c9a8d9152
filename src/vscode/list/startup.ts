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
 * Starts the engine if an earlier session left downloads, or once another window starts one, and resumes interrupted
 * downloads as the settings say.
 *
 * @param storagePath folder of the checkpoints
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
  // watch before reading the folder, so that no file is missed
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
      // the user's next download reports the error
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
