import * as vscode from 'vscode';
import { DisposableList } from '../base/disposable.ts';
import { isActive, isFinal } from '../download/downloadState.ts';
import type { DownloadState } from '../download/downloadState.ts';
import type { DownloadSnapshot } from '../download/model.ts';
import { Coalescer } from './coalesce.ts';
import type { ContextKeys } from './contextKeys.ts';
import type { Downloads, DownloadsChange } from './downloads.ts';
import { viewIds } from './ids.ts';
import { escapeMarkdown } from './markdown.ts';
import { canGoOn } from './transferSummary.ts';
import { fileName, stateText } from './transferTexts.ts';
import { isFromUrl } from './urlDownloads.ts';
import { visibleName } from './visibleName.ts';

const refreshIntervalMs = 250;

/** The Downloads view: one row a download, newest first. Its elements are the downloads' ids. */
export class DownloadsTree implements vscode.TreeDataProvider<string>, vscode.Disposable {
  private readonly downloads: Downloads;
  private readonly contextKeys: ContextKeys;
  private readonly changed = new vscode.EventEmitter<string[] | undefined>();
  private readonly disposables = new DisposableList();
  private readonly view: vscode.TreeView<string>;
  private shown: ReadonlySet<string> = new Set();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(downloads: Downloads, contextKeys: ContextKeys) {
    this.downloads = downloads;
    this.contextKeys = contextKeys;
    this.disposables.add(this.changed);
    this.view = this.disposables.add(vscode.window.createTreeView(viewIds.downloads, { treeDataProvider: this, canSelectMany: true }));
    const coalescer = this.disposables.add(new Coalescer<DownloadsChange>(refreshIntervalMs, (ids) => this.refresh(ids)));
    this.disposables.add(downloads.onDidChange((id) => coalescer.add(id)));
    this.refresh([undefined]);
  }

  getChildren(element?: string): string[] {
    if (element !== undefined) {
      return [];
    }
    const ids = this.downloads.all.map(({ id }) => id).reverse();
    this.shown = new Set(ids);
    return ids;
  }

  getTreeItem(id: string): vscode.TreeItem {
    const download = this.downloads.find(id);
    if (download === undefined) {
      return new vscode.TreeItem('');
    }
    const name = fileName(download.path);
    const state = stateText(download, vscode.l10n);
    const item = new vscode.TreeItem(name);
    item.id = id;
    item.description = state;
    item.iconPath = icon(download.state);
    item.contextValue = contextValue(download);
    item.accessibilityInformation = { label: `${name}, ${state}` };
    item.tooltip = tooltip(download, state);
    return item;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private refresh(ids: readonly DownloadsChange[]): void {
    const known = ids.flatMap((id) => (id !== undefined && this.shown.has(id) ? [id] : []));
    // A row that is not there yet needs its parent redrawn.
    this.changed.fire(known.length === ids.length ? known : undefined);
    const states = this.downloads.all.map(({ state }) => state);
    const active = states.filter(isActive).length;
    this.view.badge = active === 0 ? undefined : { value: active, tooltip: active === 1 ? vscode.l10n.t('1 active download') : vscode.l10n.t('{0} active downloads', active) };
    this.contextKeys.set('ossDownloader.noDownloads', states.length === 0);
    this.contextKeys.set('ossDownloader.hasActive', active > 0);
    this.contextKeys.set('ossDownloader.hasResumable', states.some(canGoOn));
    this.contextKeys.set('ossDownloader.hasFinished', states.some(isFinal));
  }
}

/** Tokens that the menus of package.json look for. */
function contextValue({ state, label }: DownloadSnapshot): string {
  return [
    'download',
    ...(isActive(state) ? ['pausable'] : []),
    ...(canGoOn(state) ? ['resumable'] : []),
    ...(isFinal(state) ? ['removable'] : ['cancellable']),
    ...(state.kind === 'completed' ? ['completed'] : []),
    ...(isFromUrl({ label }) && !isFinal(state) ? ['fromUrl'] : []),
    ...(state.kind === 'waiting' && state.reason === 'url' ? ['needsUrl'] : []),
  ].join(' ');
}

function icon({ kind }: DownloadState): vscode.ThemeIcon {
  switch (kind) {
    case 'queued':
      return new vscode.ThemeIcon('clock');
    case 'running':
      return new vscode.ThemeIcon('sync~spin');
    case 'waiting':
      return new vscode.ThemeIcon('watch');
    case 'paused':
    case 'interrupted':
      return new vscode.ThemeIcon('debug-pause');
    case 'failed':
      return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
    case 'completed':
      return new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed'));
    case 'cancelled':
      return new vscode.ThemeIcon('circle-slash');
  }
}

function tooltip({ label, path }: DownloadSnapshot, state: string): vscode.MarkdownString {
  const lines = [visibleName(label), visibleName(path), state].map((line) => `- ${escapeMarkdown(line)}`);
  return new vscode.MarkdownString(`**${escapeMarkdown(fileName(path))}**\n\n${lines.join('\n')}`);
}
