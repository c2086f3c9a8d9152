import path from 'node:path';
import * as vscode from 'vscode';
import type { ConflictAnswer } from '../../download/batchModel.ts';
import { fileFacts, resolveExisting } from '../../download/files/existingFile.ts';
import type { ExistingFileAction, ListedFacts } from '../../download/files/existingFile.ts';
import { readSetting } from '../settings/settings.ts';

/** Follows the setting, or asks for each file or once for all files. */
export class ConflictPrompt {
  private readonly many: boolean;
  private standing: ConflictAnswer | undefined;

  /** @param many whether there is more than one file */
  constructor(many: boolean) {
    this.many = many;
  }

  /** @param object facts about the new content, as far as known */
  async ask(file: string, object: ListedFacts = {}): Promise<ExistingFileAction> {
    const setting = readSetting('download.conflict');
    const policy = setting === 'ask' ? await this.answer(file) : setting;
    return resolveExisting(policy, await fileFacts(file), object);
  }

  private async answer(file: string): Promise<ConflictAnswer['choice']> {
    const answer = this.standing ?? (await askConflict(file, this.many));
    if (answer.forAll) {
      this.standing = answer;
    }
    return answer.choice;
  }
}

/** Asks on behalf of a batch. */
export function askBatchConflict(file: string, signal: AbortSignal): Promise<ConflictAnswer> {
  return askConflict(file, true, signal);
}

/** Shows the dialog; cancelling skips the file. */
async function askConflict(file: string, many: boolean, signal?: AbortSignal): Promise<ConflictAnswer> {
  const l10n = vscode.l10n;
  const one: readonly (vscode.QuickPickItem & { readonly answer: ConflictAnswer })[] = [
    {
      label: l10n.t('Replace'),
      detail: l10n.t('The file that is there is replaced once the download is complete and verified.'),
      answer: { choice: 'overwrite', forAll: false },
    },
    {
      label: l10n.t('Keep Both'),
      detail: l10n.t('The new file gets a number behind its name.'),
      answer: { choice: 'rename', forAll: false },
    },
    {
      label: l10n.t('Skip'),
      detail: l10n.t('This object is not downloaded.'),
      answer: { choice: 'skip', forAll: false },
    },
  ];
  const all: typeof one = [
    { label: l10n.t('Replace All'), answer: { choice: 'overwrite', forAll: true } },
    { label: l10n.t('Keep Both for All'), answer: { choice: 'rename', forAll: true } },
    { label: l10n.t('Skip All'), answer: { choice: 'skip', forAll: true } },
  ];
  const cancellation = new vscode.CancellationTokenSource();
  signal?.addEventListener('abort', () => cancellation.cancel(), { once: true });
  const options = {
    title: l10n.t('{0} is already there', path.basename(file)),
    placeHolder: file,
    ignoreFocusOut: true,
  };
  const chosen = await vscode.window.showQuickPick(many ? [...one, ...all] : one, options, cancellation.token);
  cancellation.dispose();
  return chosen?.answer ?? { choice: 'skip', forAll: false };
}
