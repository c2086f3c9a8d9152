import * as vscode from 'vscode';
import { formatBytes } from '../base/format.ts';
import { hasEarlierDownloads } from '../download/earlierDownloads.ts';
import type { Downloads } from './downloads.ts';
import { readSetting } from './settings.ts';
import type { Transfers } from './transfers.ts';
import { bytesLeft, interruptedOf } from './transferSummary.ts';

/**
 * Starts the engine only where an earlier session left downloads behind, and resumes those that were interrupted:
 * after one question, at once, or not at all, as the settings say. What the user paused stays paused.
 *
 * @param storagePath where the checkpoints are
 */
export async function resumeEarlierDownloads(downloads: Downloads, transfers: Transfers, storagePath: string): Promise<void> {
  if (!(await hasEarlierDownloads(storagePath))) {
    return;
  }
  await downloads.start();
  const interrupted = interruptedOf(downloads.all);
  const mode = readSetting('resumeOnStartup');
  if (interrupted.length === 0 || mode === 'never') {
    return;
  }
  if (mode === 'always' || (await askToResume(interrupted.length, formatBytes(bytesLeft(interrupted))))) {
    // Another window, or the user in the Downloads view, may have been quicker.
    const still = new Set(interruptedOf(downloads.all).map(({ id }) => id));
    await transfers.resume(interrupted.flatMap(({ id }) => (still.has(id) ? [id] : [])), false);
  }
}

async function askToResume(count: number, left: string): Promise<boolean> {
  const resume = vscode.l10n.t('Resume');
  const question = count === 1 ? vscode.l10n.t('Resume 1 download ({0} left)?', left) : vscode.l10n.t('Resume {0} downloads ({1} left)?', count, left);
  return (await vscode.window.showInformationMessage(question, resume, vscode.l10n.t('Not Now'))) === resume;
}
