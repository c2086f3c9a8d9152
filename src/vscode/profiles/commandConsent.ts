import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { SingleFlight } from '../../base/async.ts';
import { stateKeys } from '../ids.ts';

/**
 * Consent to run the command of a credentials source. The user is asked once for each command line, compared exactly.
 * In an untrusted workspace none runs.
 */
export class CommandConsent {
  private readonly state: vscode.Memento;
  private readonly questions = new SingleFlight<boolean>();

  constructor(state: vscode.Memento) {
    this.state = state;
  }

  async mayRun(command: string): Promise<boolean> {
    if (!vscode.workspace.isTrusted) {
      return false;
    }
    // A hash, since a command line may contain a password.
    const id = createHash('sha256').update(command).digest('hex');
    if (this.allowed().includes(id)) {
      return true;
    }
    return this.questions.run(() => this.ask(command, id), id);
  }

  private async ask(command: string, id: string): Promise<boolean> {
    const allow = vscode.l10n.t('Allow');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t('Allow OSS Downloader to run a program for credentials?'),
      { modal: true, detail: `${command}\n\n${commandWarning()}` },
      allow,
    );
    if (chosen !== allow) {
      return false;
    }
    await this.state.update(stateKeys.allowedCommands, [...this.allowed(), id]);
    return true;
  }

  private allowed(): readonly string[] {
    return this.state.get<readonly string[]>(stateKeys.allowedCommands, []);
  }
}

function commandWarning(): string {
  return vscode.l10n.t(
    'A profile names this command. It runs on this computer with your rights, now and whenever a new key is needed. ' +
      'Allow it only if you know it.',
  );
}
