import * as vscode from 'vscode';
import type { CommandHandlers } from '../commands.ts';
import type { Downloads } from './downloadList.ts';
import { isFocusedRow } from './focusedRow.ts';
import { readSetting, writeSetting } from '../settings/settings.ts';
import { readSpeed, speedChoices, speedProblem, speedText } from './speedLimits.ts';

/** Command for the total speed limit. It writes the setting; the engine follows every change of the settings. */
export function speedCommands(downloads: Downloads): Pick<CommandHandlers, 'ossDownloader.limitSpeed'> {
  return {
    'ossDownloader.limitSpeed': async (given) => {
      const limit = isFocusedRow(given, downloads)
        ? await askSpeed(readSetting('transfer.bandwidthLimit'))
        : readSpeed(given);
      if (limit !== undefined) {
        await writeSetting('transfer.bandwidthLimit', limit === 0 ? undefined : limit);
      }
    },
  };
}

/** @param current in MB/s @returns in MB/s, 0 for no limit, undefined when the user cancelled */
async function askSpeed(current: number): Promise<number | undefined> {
  const title = vscode.l10n.t('Limit Speed');
  const placeHolder = vscode.l10n.t('Of all downloads together. Now: {0}', speedText(current, vscode.l10n));
  const chosen = await vscode.window.showQuickPick(speedChoices(current, vscode.l10n), { title, placeHolder });
  return chosen === undefined || chosen.limit !== undefined ? chosen?.limit : askCustomSpeed(title, current);
}

async function askCustomSpeed(title: string, current: number): Promise<number | undefined> {
  const typed = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('MB per second of all downloads together; 0 for no limit'),
    value: String(current),
    validateInput: (text) => (text.trim() === '' ? undefined : speedProblem(text, vscode.l10n)),
  });
  return typed === undefined || typed.trim() === '' ? undefined : readSpeed(typed);
}
