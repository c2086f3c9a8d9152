import * as vscode from 'vscode';
import { assertNever, toAppError } from '../../base/errors.ts';
import type { AppError, ErrorCode } from '../../base/errors.ts';
import { runCommand } from '../commands.ts';
import { errorSentence, remediesFor, supportFacts } from './errorTexts.ts';
import type { Remedy } from './errorTexts.ts';
import { hasTrait } from './errorTraits.ts';
import type { LogChannel } from '../ui/logChannel.ts';
import { offer } from '../ui/offer.ts';
import type { OfferedAction } from '../ui/offer.ts';

export interface ErrorContext {
  /** Repeats the failed action. */
  readonly retry?: () => void;
  /** The profile in use. */
  readonly profile?: string;
  /** Additional remedies, shown before those of the code. */
  readonly also?: readonly Remedy[];
}

/** Shows failures as a sentence with remedies; code, EC and RequestId go to the log. */
export class ErrorPresenter {
  private readonly log: LogChannel;

  constructor(log: LogChannel) {
    this.log = log;
  }

  /** Shows an error, unless the user cancelled. Returns at once; the message stays until it is closed. */
  show(error: unknown, context: ErrorContext = {}): void {
    if (!isCancellation(error)) {
      const appError = this.record(error);
      this.present(appError.code, errorSentence(appError, vscode.l10n), context);
    }
  }

  /** Shows a sentence about a failure that is already in the log, with the remedies of its code. */
  present(code: ErrorCode, sentence: string, context: ErrorContext = {}): void {
    this.ask(code, sentence, {}, context);
  }

  /** The same as a modal dialog with a longer text. */
  presentAtLength(code: ErrorCode, sentence: string, detail: string, context: ErrorContext = {}): void {
    this.ask(code, sentence, { modal: true, detail }, context);
  }

  private ask(code: ErrorCode, sentence: string, options: vscode.MessageOptions, context: ErrorContext): void {
    // Both lists may contain the same remedy.
    const remedies = new Set([...(context.also ?? []), ...remediesFor(code)]);
    const actions = [...remedies].flatMap((remedy) => this.action(remedy, context));
    const showLog: OfferedAction = [vscode.l10n.t('Show Log'), () => this.log.show()];
    void offer('error', sentence, [...actions, showLog], options);
  }

  /** Logs a failure with all its details. @returns it as an `AppError` */
  record(error: unknown): AppError {
    const appError = toAppError(error);
    const facts = supportFacts(appError);
    this.log.log('error', `${appError.code}${facts === '' ? '' : ` (${facts})`}: ${appError.message}`);
    if (hasTrait(appError.code, 'defect') && appError.cause instanceof Error && appError.cause.stack !== undefined) {
      this.log.log('error', appError.cause.stack);
    }
    return appError;
  }

  private action(remedy: Remedy, { retry, profile }: ErrorContext): readonly OfferedAction[] {
    switch (remedy) {
      case 'retry':
        return retry === undefined ? [] : [[vscode.l10n.t('Retry'), retry]];
      case 'editCredentials':
        return [[vscode.l10n.t('Edit Credentials'), () => runCommand('ossDownloader.editCredentials', profile)]];
      case 'editProfile':
        return [[vscode.l10n.t('Edit Profile'), () => runCommand('ossDownloader.editProfile', profile)]];
      case 'proxySettings':
        return [
          [
            vscode.l10n.t('Proxy Settings'),
            () => void vscode.commands.executeCommand('workbench.action.openSettings', 'http.proxy'),
          ],
        ];
      case 'certificateSettings':
        return [
          [
            vscode.l10n.t('Certificate Settings'),
            () => void vscode.commands.executeCommand('workbench.action.openSettings', 'ossDownloader.network.caFile'),
          ],
        ];
      case 'settings':
        return [[vscode.l10n.t('Open Settings'), () => runCommand('ossDownloader.openSettings')]];
      default:
        return assertNever(remedy);
    }
  }
}

/** Whether the error is the user's own cancellation, which is not shown. */
export function isCancellation(error: unknown): boolean {
  return error instanceof vscode.CancellationError || (error instanceof Error && error.name === 'AbortError');
}
