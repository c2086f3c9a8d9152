import * as vscode from 'vscode';
import { DisposableList } from '../../base/disposable.ts';
import type { BucketLocation } from '../../oss/model.ts';
import type { BucketListings } from './bucketListings.ts';
import { isPinnedRoot, bucketPlaceOf, profileNode, settingsErrorNode, parentOf } from '../treeNodes.ts';
import type { BucketTreeNode, ListNode } from '../treeNodes.ts';
import { contextValue, filteredText, rowText, shouldNamePlace, tooltipFacts } from './bucketTexts.ts';
import type { TextContext } from './bucketTexts.ts';
import { commandLink } from '../commands.ts';
import { remediesFor } from '../errors/errorTexts.ts';
import { viewIds } from '../ids.ts';
import { escapeMarkdown, visibleName } from '../ui/displayText.ts';

/** What the tree needs of the profiles, as they are now and in the order of the settings. */
export interface ProfileNames {
  names(): readonly string[];
  /** Those of them that are to be seen. */
  shownNames(): readonly string[];
  /** What is wrong with entries that cannot be used. */
  problems(): readonly string[];
  isPinned(place: BucketLocation): boolean;
}

/** The Buckets view: profiles (where there are several), buckets, folders and objects, a page at a time. */
export class BucketTree implements vscode.TreeDataProvider<BucketTreeNode>, vscode.Disposable {
  private readonly listings: BucketListings;
  private readonly profiles: ProfileNames;
  private readonly changed = new vscode.EventEmitter<BucketTreeNode | undefined>();
  private readonly view: vscode.TreeView<BucketTreeNode>;
  /** By id of the row: what the names below it begin with. */
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

  /** Asked for when a row is to be revealed. */
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
    const place = bucketPlaceOf(node);
    const isPinned = place !== undefined && this.profiles.isPinned(place);
    item.contextValue = `${contextValue(node, isPinned)}${filter === '' ? '' : ' filtered'}`;
    item.accessibilityInformation = { label: spoken };
    Object.assign(item, description === undefined ? {} : { description }, appearance(node));
    const command = clickCommand(node);
    if (command !== undefined) {
      item.command = command;
    }
    return item;
  }

  /** Tooltips are made when they are asked for: a page of a thousand rows needs one at a time. */
  resolveTreeItem(item: vscode.TreeItem, node: BucketTreeNode): vscode.TreeItem {
    const tooltip = tooltipFacts(node, textContext());
    if (tooltip !== undefined) {
      const lines = tooltip.facts.map(([name, value]) => `\n- ${escapeMarkdown(`${name}: ${value}`)}`);
      item.tooltip = new vscode.MarkdownString(`**${escapeMarkdown(tooltip.title)}**\n${lines.join('')}`);
    }
    return item;
  }

  /** Shows a row, selected, and what lies below it; what is on the way to it must have been listed. */
  async reveal(node: BucketTreeNode): Promise<void> {
    // What was found must not be hidden by a filter above it.
    for (let above = parentOf(node); above !== undefined; above = parentOf(above)) {
      this.filters.delete(above.id);
    }
    // Pages that were fetched without the view are not drawn yet, and what is not drawn cannot be revealed.
    this.redraw();
    await this.view.reveal(node, { select: true, focus: true, expand: true });
  }

  /** What the names directly below a row begin with; empty: all are shown. */
  filterOf(node: ListNode): string {
    return this.filters.get(node.id) ?? '';
  }

  /** Shows below a bucket or folder only the names that begin with a text, or, for an empty one, all. */
  async filter(node: ListNode, text: string): Promise<void> {
    if (text === '') {
      this.filters.delete(node.id);
    } else {
      this.filters.set(node.id, text);
    }
    this.redraw(node);
    await this.view.reveal(node, { select: false, focus: false, expand: true });
  }

  /** Lists a node again, or everything. */
  refresh(node?: ListNode): void {
    this.listings.forget(node);
    this.redraw(node);
  }

  /** Shows again what is known, without asking OSS. */
  redraw(node?: ListNode): void {
    this.view.description = this.hidden();
    this.changed.fire(node === undefined || this.isHiddenProfile(node) ? undefined : node);
  }

  /** Fetches the next page of a node, or a failed one again; the rows that are there stay where they are. */
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

  /** Says which profile is to be seen where others are not. */
  private hidden(): string {
    const shown = this.profiles.shownNames();
    const count = this.profiles.names().length;
    if (shown.length === count) {
      return '';
    }
    return shown.length === 1 ? visibleName(shown[0] ?? '') : vscode.l10n.t('{0} of {1} profiles', shown.length, count);
  }

  /** A single profile has no row of its own: its buckets are the root. */
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

/** `resourceUri` lets the user's icon theme choose by name. */
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
  if (shouldNamePlace(node)) {
    return commandLink('ossDownloader.addBucket', vscode.l10n.t('Add Bucket by Name…'), node);
  }
  return remediesFor(node.error.code)[0] === 'editCredentials'
    ? commandLink('ossDownloader.editCredentials', vscode.l10n.t('Edit Credentials'), node)
    : commandLink('ossDownloader.retryListing', vscode.l10n.t('Retry'), node);
}
