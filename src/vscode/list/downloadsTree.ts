import * as vscode from 'vscode';
import { DisposableList } from '../../base/disposable.ts';
import { Coalescer } from '../ui/coalesce.ts';
import type { ContextKeys } from '../ui/contextKeys.ts';
import { badge, listFacts, renderRow, RenderedRows, RenderedIds } from './downloadRows.ts';
import type { ListFacts, RenderedRow } from './downloadRows.ts';
import type { Downloads, DownloadsChange } from './downloadList.ts';
import { viewIds } from '../ids.ts';
import { escapeMarkdown, visibleName } from '../ui/displayText.ts';
import { pathOf } from './row.ts';
import type { Row } from './row.ts';
import { rowName } from './texts.ts';

const refreshIntervalMs = 250;
/** A long list is reloaded at most this often: VS Code sends all of it for each added or removed row. */
const listIntervalMs = 1000;

/**
 * The Downloads view: one row a download or batch, newest first; a batch contains its active and failed downloads.
 * Elements are ids.
 */
export class DownloadsTree implements vscode.TreeDataProvider<string>, vscode.Disposable {
  private readonly downloads: Downloads;
  private readonly contextKeys: ContextKeys;
  private readonly changed = new vscode.EventEmitter<string[] | undefined>();
  private readonly disposables = new DisposableList();
  private readonly view: vscode.TreeView<string>;
  private readonly rows = new RenderedRows();
  private readonly list = new RenderedIds();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(downloads: Downloads, contextKeys: ContextKeys) {
    this.downloads = downloads;
    this.contextKeys = contextKeys;
    this.disposables.add(this.changed);
    this.view = this.disposables.add(
      vscode.window.createTreeView(viewIds.downloads, { treeDataProvider: this, canSelectMany: true }),
    );
    const lists = this.disposables.add(new Coalescer<undefined>(listIntervalMs, () => this.redrawList()));
    const coalescer = this.disposables.add(
      new Coalescer<DownloadsChange>(refreshIntervalMs, (ids) => this.refresh(ids, () => lists.add(undefined))),
    );
    this.disposables.add(downloads.onDidChange((id) => coalescer.add(id)));
    this.showFacts(listFacts(downloads.all));
  }

  getChildren(element?: string): string[] {
    if (element !== undefined) {
      return this.downloads.within(element).map(({ id }) => id);
    }
    const ids = this.newestFirst();
    this.list.update(ids);
    return ids;
  }

  getTreeItem(id: string): vscode.TreeItem {
    const download = this.downloads.find(id);
    if (download === undefined) {
      return new vscode.TreeItem('');
    }
    const row = renderRow(download, vscode.l10n);
    this.rows.markRendered(id, row);
    const item = new vscode.TreeItem(
      row.name,
      row.hasParts ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    );
    item.id = id;
    item.description = row.state;
    item.iconPath = icon(row.status);
    item.contextValue = row.context;
    item.accessibilityInformation = { label: row.spoken };
    return item;
  }

  /** Called for the hovered row only. */
  resolveTreeItem(item: vscode.TreeItem, id: string): vscode.TreeItem {
    const download = this.downloads.find(id);
    if (download !== undefined) {
      item.tooltip = tooltip(download, renderRow(download, vscode.l10n).state);
    }
    return item;
  }

  dispose(): void {
    this.disposables.dispose();
  }

  private newestFirst(): string[] {
    return this.downloads.all.map(({ id }) => id).reverse();
  }

  private redrawList(): void {
    if (this.list.update(this.newestFirst())) {
      this.changed.fire(undefined);
    }
  }

  /**
   * Renders changed rows at once; reloads a list with added or removed rows, less often if it is long.
   */
  private refresh(ids: readonly DownloadsChange[], redrawListSoon: () => void): void {
    const rows: string[] = [];
    const all = ids.includes(undefined) ? this.newestFirst() : [];
    for (const id of new Set([...ids, ...all])) {
      const download = id === undefined ? undefined : this.downloads.find(id);
      if (id !== undefined && download === undefined) {
        this.rows.forget(id);
      }
      if (id === undefined || download === undefined || !this.list.has(id)) {
        redrawListSoon();
      } else if (download.kind === 'batch' || !this.rows.isSame(id, renderRow(download, vscode.l10n))) {
        rows.push(id); // batches always, to render their children
      }
    }
    if (rows.length > 0) {
      this.changed.fire(rows);
    }
    this.showFacts(listFacts(this.downloads.all));
  }

  private showFacts(facts: ListFacts): void {
    this.view.badge = badge(facts, vscode.l10n);
    this.contextKeys.set('ossDownloader.noDownloads', facts.count === 0);
    this.contextKeys.set('ossDownloader.hasActive', facts.active > 0);
    this.contextKeys.set('ossDownloader.hasFailed', facts.failed > 0);
    this.contextKeys.set('ossDownloader.hasResumable', facts.resumable > 0);
    this.contextKeys.set('ossDownloader.hasFinished', facts.final > 0);
  }
}

function icon(status: RenderedRow['status']): vscode.ThemeIcon {
  switch (status) {
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

function tooltip(row: Row, state: string): vscode.MarkdownString {
  const lines = [visibleName(row.label), visibleName(pathOf(row)), state].map((line) => `- ${escapeMarkdown(line)}`);
  return new vscode.MarkdownString(`**${escapeMarkdown(rowName(row))}**\n\n${lines.join('\n')}`);
}
