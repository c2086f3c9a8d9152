import path from 'node:path';
import * as vscode from 'vscode';
import { homedir } from 'node:os';
import { AppError } from '../../base/errors.ts';
import { withHome } from '../../base/homePath.ts';
import { stateKeys } from '../ids.ts';
import { readSetting } from '../settings/settings.ts';
import { pathOnDisk, fallbackFolder } from '../ui/fileActions.ts';

/** Destination of a download: a folder, or a file that the user named and agreed to replace. */
export type Destination =
  { readonly kind: 'folder'; readonly folder: string } | { readonly kind: 'file'; readonly path: string };

/** Asks for and remembers download folders. */
export class DestinationPicker {
  private readonly state: vscode.Memento;
  private readonly hostName: string | undefined;

  /** @param hostName the machine that stores the files if it is not the window's; shown in the dialogs */
  constructor(state: vscode.Memento, hostName: string | undefined) {
    this.state = state;
    this.hostName = hostName;
  }

  /**
   * Returns the configured or last folder, or asks if the settings say so. @returns undefined when the user cancelled
   */
  async forDownload(what: string): Promise<Destination | undefined> {
    const usual = configuredFolder() ?? this.lastFolder();
    return usual === undefined || readSetting('download.askDestination')
      ? this.askFolder(what, usual)
      : { kind: 'folder', folder: usual };
  }

  /** Always asks; for a single object also for the name. */
  async ask(what: string, name: string | undefined): Promise<Destination | undefined> {
    const usual = configuredFolder() ?? this.lastFolder();
    return name === undefined
      ? this.askFolder(what, usual)
      : this.askFile(what, path.join(usual ?? fallbackFolder(), name));
  }

  private async askFolder(what: string, start: string | undefined): Promise<Destination | undefined> {
    const [chosen] =
      (await vscode.window.showOpenDialog({
        canSelectFiles: false,
        canSelectFolders: true,
        canSelectMany: false,
        defaultUri: vscode.Uri.file(start ?? fallbackFolder()),
        title: this.title(what),
        openLabel: vscode.l10n.t('Download Here'),
      })) ?? [];
    if (chosen === undefined) {
      return undefined;
    }
    const folder = pathOnDisk(chosen);
    await this.state.update(stateKeys.lastFolder, folder);
    return { kind: 'folder', folder };
  }

  private async askFile(what: string, suggested: string): Promise<Destination | undefined> {
    const chosen = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.file(suggested),
      title: this.title(what),
      saveLabel: vscode.l10n.t('Download'),
    });
    if (chosen === undefined) {
      return undefined;
    }
    const file = pathOnDisk(chosen);
    await this.state.update(stateKeys.lastFolder, path.dirname(file));
    return { kind: 'file', path: file };
  }

  private title(what: string): string {
    return this.hostName === undefined
      ? vscode.l10n.t('Download {0} to', what)
      : vscode.l10n.t('Download {0} to a folder on {1}', what, this.hostName);
  }

  private lastFolder(): string | undefined {
    return this.state.get<string>(stateKeys.lastFolder);
  }
}

function configuredFolder(): string | undefined {
  const setting = readSetting('download.directory');
  if (setting === '') {
    return undefined;
  }
  const folder = withHome(setting, homedir());
  if (!path.isAbsolute(folder)) {
    throw new AppError('input/invalidName', `ossDownloader.download.directory is not an absolute path: ${setting}`, {
      details: { subject: setting },
    });
  }
  return folder;
}
