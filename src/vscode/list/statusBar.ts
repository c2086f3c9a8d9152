import * as vscode from 'vscode';
import { DisposableList } from '../../base/disposable.ts';
import { Coalescer } from '../ui/coalesce.ts';
import type { CommandId } from '../commands.ts';
import type { Downloads, DownloadsChange } from './downloadList.ts';
import { statusBarItemId } from '../ids.ts';
import { statusText } from './statusText.ts';

const refreshIntervalMs = 250;

/** Status bar item with the progress of all downloads, hidden when idle. A click opens the Downloads view. */
export class StatusBar implements vscode.Disposable {
  private readonly downloads: Downloads;
  private readonly item: vscode.StatusBarItem;
  private readonly disposables = new DisposableList();

  constructor(downloads: Downloads) {
    this.downloads = downloads;
    this.item = this.disposables.add(
      vscode.window.createStatusBarItem(statusBarItemId, vscode.StatusBarAlignment.Left, -10),
    );
    this.item.name = vscode.l10n.t('OSS downloads');
    this.item.command = 'ossDownloader.showDownloads' satisfies CommandId;
    const coalescer = this.disposables.add(new Coalescer<DownloadsChange>(refreshIntervalMs, () => this.refresh()));
    this.disposables.add(downloads.onDidChange((id) => coalescer.add(id)));
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private refresh(): void {
    const status = statusText(this.downloads.all, vscode.l10n);
    if (status === undefined) {
      this.item.hide();
      return;
    }
    this.item.text = status.text;
    this.item.tooltip = new vscode.MarkdownString(status.tooltip);
    this.item.accessibilityInformation = { label: status.spoken, role: 'button' };
    this.item.show();
  }
}
