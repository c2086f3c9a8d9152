import path from 'node:path';
import * as vscode from 'vscode';
import type { ConflictAnswer as BatchConflictAnswer, ConflictPolicy } from '../../download/batchModel.ts';
import { isUnchangedOnDisk } from '../../download/files/isUnchanged.ts';
import type { ObjectTarget } from './selection.ts';
import { readSetting } from '../settings/settings.ts';

/** What to do about a file that is already there. */
export type ConflictChoice = 'replace' | 'keepBoth' | 'skip';

interface ConflictAnswer {
  readonly choice: ConflictChoice;
  /** Whether it holds for all files of this batch. */
  readonly forAll: boolean;
}

/** What the setting says about a file that is already there. */
async function settledConflict(
  policy: Exclude<ConflictPolicy, 'ask'>,
  file: string,
  { known, modifiedMs }: Pick<ObjectTarget, 'known' | 'modifiedMs'>,
): Promise<ConflictChoice> {
  switch (policy) {
    case 'overwrite':
      return 'replace';
    case 'rename':
      return 'keepBoth';
    case 'skip':
      return 'skip';
    case 'overwriteIfChanged': {
      const isKept =
        known !== undefined &&
        modifiedMs !== undefined &&
        (await isUnchangedOnDisk(file, { sizeBytes: known.sizeBytes, modifiedMs }));
      return isKept ? 'skip' : 'replace';
    }
  }
}

/** Does as the setting says, or asks, once a file, or once a batch where the user says so. Giving up skips the file. */
export class ConflictQuestion {
  private readonly many: boolean;
  private standing: ConflictChoice | undefined;

  /** @param many whether the batch has more than one file */
  constructor(many: boolean) {
    this.many = many;
  }

  /** @param object what is to be written there, as far as it is known */
  async ask(file: string, object: Pick<ObjectTarget, 'known' | 'modifiedMs'> = {}): Promise<ConflictChoice> {
    const policy = readSetting('download.conflict');
    if (policy !== 'ask') {
      return settledConflict(policy, file, object);
    }
    if (this.standing !== undefined) {
      return this.standing;
    }
    const answer = await askConflict(file, this.many);
    if (answer.forAll) {
      this.standing = answer.choice;
    }
    return answer.choice;
  }
}

/** Asks on behalf of a batch. Giving up skips the file. */
export async function askBatchConflict(file: string, signal: AbortSignal): Promise<BatchConflictAnswer> {
  const { choice, forAll } = await askConflict(file, true, signal);
  const choices = { replace: 'overwrite', keepBoth: 'rename', skip: 'skip' } as const;
  return { choice: choices[choice], forAll };
}

async function askConflict(file: string, many: boolean, signal?: AbortSignal): Promise<ConflictAnswer> {
  const l10n = vscode.l10n;
  const one: readonly (vscode.QuickPickItem & { readonly answer: ConflictAnswer })[] = [
    {
      label: l10n.t('Replace'),
      detail: l10n.t('The file that is there is replaced once the download is complete and verified.'),
      answer: { choice: 'replace', forAll: false },
    },
    {
      label: l10n.t('Keep Both'),
      detail: l10n.t('The new file gets a number behind its name.'),
      answer: { choice: 'keepBoth', forAll: false },
    },
    {
      label: l10n.t('Skip'),
      detail: l10n.t('This object is not downloaded.'),
      answer: { choice: 'skip', forAll: false },
    },
  ];
  const all: typeof one = [
    { label: l10n.t('Replace All'), answer: { choice: 'replace', forAll: true } },
    { label: l10n.t('Keep Both for All'), answer: { choice: 'keepBoth', forAll: true } },
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
