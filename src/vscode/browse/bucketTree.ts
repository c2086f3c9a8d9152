import * as vscode from 'vscode';
import { DisposableList } from '../../base/disposable.ts';
import type { BucketLocation } from '../../oss/model.ts';
import type { BucketListings } from './bucketListings.ts';
import { isPinnedRoot, bucketLocationOf, profileNode, settingsErrorNode, parentOf } from '../treeNodes.ts';
import type { BucketTreeNode, ListNode } from '../treeNodes.ts';
import { contextValue, filteredText, rowText, needsNamedLocation, tooltipFacts } from './bucketTexts.ts';
import type { TextContext } from './bucketTexts.ts';
import { commandLink } from '../commands.ts';
import { remediesFor } from '../errors/errorTexts.ts';
import { viewIds } from '../ids.ts';
import { escapeMarkdown, visibleName } from '../ui/displayText.ts';

/** Current profile names for the tree, in the order of the settings. */
export interface ProfileNames {
  names(): readonly string[];
  /** Names without the hidden profiles. */
  shownNames(): readonly string[];
  /** Descriptions of invalid settings entries. */
  problems(): readonly string[];
  isPinned(location: BucketLocation): boolean;
}

/** The Buckets view: profiles (where there are several), buckets, folders and objects, a page at a time. */
export class BucketTree implements vscode.TreeDataProvider<BucketTreeNode>, vscode.Disposable {
  private readonly listings: BucketListings;
  private readonly profiles: ProfileNames;
  private readonly changed = new vscode.EventEmitter<BucketTreeNode | undefined>();
  private readonly view: vscode.TreeView<BucketTreeNode>;
  /** Name prefixes, by row id. */
  private readonly filters = new Map<string, string>();
  private readonly disposables = new DisposableList();
  readonly onDidChangeTreeData = this.changed.event;

  constructor(listings: BucketListings, profiles: ProfileNames) {
    this.listings = listings;
    this.profiles = profiles;
    this.disposables.add(this.changed);
    this.view = vscode.window.createTreeView(viewIds.buckets, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.disposables.add(this.view);
  }

  async getChildren(node?: BucketTreeNode): Promise<BucketTreeNode[]> {
    if (node !== undefined) {
      return isListNode(node) ? [...(await this.listings.children(node, this.filterOf(node)))] : [];
    }
    const problems = this.profiles.problems().map((problem, index) => settingsErrorNode(problem, index));
    const profiles = this.profiles.shownNames().map(profileNode);
    const [only] = profiles;
    return [
      ...problems,
      ...(profiles.length === 1 && only !== undefined ? await this.listings.children(only) : profiles),
    ];
  }

  /** Required by `TreeView.reveal`. */
  getParent(node: BucketTreeNode): BucketTreeNode | undefined {
    const parent = parentOf(node);
    return parent === undefined || this.isHiddenProfile(parent) ? undefined : parent;
  }

  getTreeItem(node: BucketTreeNode): vscode.TreeItem {
    const filter = isListNode(node) ? this.filterOf(node) : '';
    const plain = rowText(node, textContext());
    const { label, description, spoken } = filter === '' ? plain : filteredText(plain, filter, vscode.l10n);
    const item = new vscode.TreeItem(label, collapsibleState(node));
    item.id = node.id;
    const location = bucketLocationOf(node);
    const isPinned = location !== undefined && this.profiles.isPinned(location);
    item.contextValue = `${contextValue(node, isPinned)}${filter === '' ? '' : ' filtered'}`;
    item.accessibilityInformation = { label: spoken };
    Object.assign(item, description === undefined ? {} : { description }, appearance(node));
    const command = clickCommand(node);
    if (command !== undefined) {
      item.command = command;
    }
    return item;
  }

  /** Builds a tooltip on demand: of a page of a thousand rows only one is visible at a time. */
  resolveTreeItem(item: vscode.TreeItem, node: BucketTreeNode): vscode.TreeItem {
    const tooltip = tooltipFacts(node, textContext());
    if (tooltip !== undefined) {
      const lines = tooltip.facts.map(([name, value]) => `\n- ${escapeMarkdown(`${name}: ${value}`)}`);
      item.tooltip = new vscode.MarkdownString(`**${escapeMarkdown(tooltip.title)}**\n${lines.join('')}`);
    }
    return item;
  }

  /** Selects and expands a row; its ancestors must have been listed. */
  async reveal(node: BucketTreeNode): Promise<void> {
    // A filter on an ancestor would hide the row.
    for (let above = parentOf(node); above !== undefined; above = parentOf(above)) {
      this.filters.delete(above.id);
    }
    // Pages fetched by `findRow` are not rendered yet, and only a rendered row can be revealed.
    this.redraw();
    await this.view.reveal(node, { select: true, focus: true, expand: true });
  }

  /** The name prefix that filters the children of a row; empty for no filter. */
  filterOf(node: ListNode): string {
    return this.filters.get(node.id) ?? '';
  }

  /** Filters the children of a bucket or folder by name prefix; an empty text removes the filter. */
  async filter(node: ListNode, text: string): Promise<void> {
    if (text === '') {
      this.filters.delete(node.id);
    } else {
      this.filters.set(node.id, text);
    }
    this.redraw(node);
    await this.view.reveal(node, { select: false, focus: false, expand: true });
  }

  /** Reloads a node, or everything. */
  refresh(node?: ListNode): void {
    this.listings.forget(node);
    this.redraw(node);
  }

  /** Renders the cached listings again, without a request. */
  redraw(node?: ListNode): void {
    this.view.description = this.hidden();
    this.changed.fire(node === undefined || this.isHiddenProfile(node) ? undefined : node);
  }

  /** Fetches the next page of a node, or retries a failed one; existing rows keep their positions. */
  async loadMore(node: ListNode): Promise<void> {
    await vscode.window.withProgress({ location: { viewId: viewIds.buckets } }, () =>
      this.listings.loadMore(node, this.filterOf(node)),
    );
    this.redraw(node);
  }

  dispose(): void {
    this.listings.forget();
    this.disposables.dispose();
  }

  /** Message that names the visible profile while others are hidden. */
  private hidden(): string {
    const shown = this.profiles.shownNames();
    const count = this.profiles.names().length;
    if (shown.length === count) {
      return '';
    }
    return shown.length === 1 ? visibleName(shown[0] ?? '') : vscode.l10n.t('{0} of {1} profiles', shown.length, count);
  }

  /** A single profile has no row: its buckets are the root. */
  private isHiddenProfile(node: ListNode): boolean {
    return node.kind === 'profile' && this.profiles.shownNames().length === 1;
  }
}

function isListNode(node: BucketTreeNode): node is ListNode {
  return node.kind === 'profile' || node.kind === 'bucket' || node.kind === 'prefix';
}

function textContext(): TextContext {
  return { l10n: vscode.l10n, language: vscode.env.language, nowMs: Date.now() };
}

function collapsibleState(node: BucketTreeNode): vscode.TreeItemCollapsibleState {
  return isListNode(node) ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None;
}

/** Icon of a row; `resourceUri` lets the user's icon theme choose by name. */
function appearance(node: BucketTreeNode): Pick<vscode.TreeItem, 'iconPath' | 'resourceUri'> {
  switch (node.kind) {
    case 'profile':
      return { iconPath: new vscode.ThemeIcon('account') };
    case 'bucket':
      return { iconPath: new vscode.ThemeIcon('database') };
    case 'prefix':
      return isPinnedRoot(node)
        ? { iconPath: new vscode.ThemeIcon('pinned') }
        : { iconPath: vscode.ThemeIcon.Folder, resourceUri: resource(node.bucket.bucket, node.prefix) };
    case 'object':
      return { iconPath: vscode.ThemeIcon.File, resourceUri: resource(node.object.ref.bucket, node.object.ref.key) };
    case 'more':
      return { iconPath: new vscode.ThemeIcon('ellipsis') };
    case 'error':
      return { iconPath: new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground')) };
    case 'note':
      return node.note === 'addBucket' ? { iconPath: new vscode.ThemeIcon('add') } : {};
  }
}

function resource(bucket: string, key: string): vscode.Uri {
  return vscode.Uri.from({ scheme: 'oss', authority: bucket, path: `/${key}` });
}

function clickCommand(node: BucketTreeNode): vscode.Command | undefined {
  if (node.kind === 'more') {
    return commandLink('ossDownloader.loadMore', vscode.l10n.t('Load more…'), node);
  }
  if (node.kind === 'note' && node.note !== 'empty' && node.note !== 'noMatch') {
    return commandLink('ossDownloader.addBucket', vscode.l10n.t('Add Bucket by Name…'), node);
  }
  if (node.kind !== 'error') {
    return undefined;
  }
  if (node.parent === undefined) {
    return commandLink('ossDownloader.openSettings', vscode.l10n.t('Open Settings'));
  }
  if (needsNamedLocation(node)) {
    return commandLink('ossDownloader.addBucket', vscode.l10n.t('Add Bucket by Name…'), node);
  }
  return remediesFor(node.error.code)[0] === 'editCredentials'
    ? commandLink('ossDownloader.editCredentials', vscode.l10n.t('Edit Credentials'), node)
    : commandLink('ossDownloader.retryListing', vscode.l10n.t('Retry'), node);
}
