import { defined } from '../../base/defined.ts';
import * as vscode from 'vscode';
import { profileNode } from '../treeNodes.ts';
import type { BucketListings } from './bucketListings.ts';
import type { BucketTreeNode, ListNode, ObjectNode } from '../treeNodes.ts';
import { rowText } from './bucketTexts.ts';
import { runCommand } from '../commands.ts';
import { prefixLabel } from '../ui/displayText.ts';

type Row = vscode.QuickPickItem & {
  readonly node?: BucketTreeNode;
  readonly isUp?: boolean;
  readonly isWhole?: boolean;
  readonly typed?: string;
};

const scheme = 'oss://';

/**
 * Lets the user choose one object, folder or bucket, by browsing or by typing `oss://bucket/key`.
 *
 * @returns the object or folder, the typed text, or undefined when the user cancelled
 */
export async function pickObject(
  listings: BucketListings,
  profileNames: readonly string[],
  title: string,
): Promise<ObjectNode | ListNode | string | undefined> {
  const picker = new ObjectPicker(listings, profileNames, title);
  try {
    return await picker.run();
  } finally {
    picker.dispose();
  }
}

class ObjectPicker {
  private readonly listings: BucketListings;
  private readonly profileNames: readonly string[];
  private readonly pick = vscode.window.createQuickPick<Row>();
  /** The opened nodes, outermost first. */
  private readonly trail: ListNode[] = [];
  private rows: readonly Row[] = [];
  /** Number of levels shown so far; discards a late response for an earlier level. */
  private generation = 0;

  constructor(listings: BucketListings, profileNames: readonly string[], title: string) {
    this.listings = listings;
    this.profileNames = profileNames;
    this.pick.title = title;
    this.pick.placeholder = vscode.l10n.t('Choose an object, or type oss://bucket/key');
    this.pick.ignoreFocusOut = true;
  }

  run(): Promise<ObjectNode | ListNode | string | undefined> {
    return new Promise((resolve, reject) => {
      this.pick.onDidChangeValue((value) => this.onValue(value));
      this.pick.onDidHide(() => resolve(undefined));
      this.pick.onDidAccept(() => {
        const value = this.pick.value.trimStart();
        const [row] = this.pick.selectedItems;
        if (value.startsWith(scheme)) {
          resolve(value);
        } else if (row?.node?.kind === 'object') {
          resolve(row.node);
        } else if (row?.isWhole === true) {
          resolve(this.trail.at(-1));
        } else if (row !== undefined) {
          this.open(row).catch(reject);
        } else if (value !== '') {
          // Neither a row nor a path: the caller reports the expected format.
          resolve(value);
        }
      });
      this.pick.show();
      this.showLevel().catch(reject);
    });
  }

  dispose(): void {
    this.pick.dispose();
  }

  private onValue(value: string): void {
    const typed = value.trimStart();
    this.pick.items = typed.startsWith(scheme) ? [{ label: typed, typed, alwaysShow: true }] : this.rows;
  }

  private async open({ node, isUp }: Row): Promise<void> {
    if (isUp === true) {
      this.trail.pop();
    } else if (node?.kind === 'profile' || node?.kind === 'bucket' || node?.kind === 'prefix') {
      this.trail.push(node);
    } else if (node?.kind === 'more') {
      this.pick.busy = true;
      await this.listings.loadMore(node.parent);
    } else if (node?.kind === 'error') {
      this.listings.forget(node.parent);
    } else if (node?.kind === 'note' && node.note !== 'empty' && node.note !== 'noMatch') {
      runCommand('ossDownloader.addBucket', node);
      return;
    }
    await this.showLevel(node?.kind === 'more');
  }

  /** @param staying whether this is the same level with more rows, which keeps the active row */
  private async showLevel(staying = false): Promise<void> {
    this.generation += 1;
    const { generation } = this;
    this.pick.busy = true;
    if (!staying) {
      this.pick.value = '';
      this.rows = [];
      this.pick.items = [];
    }
    const nodes = await this.nodes();
    if (generation !== this.generation) {
      return;
    }
    const up: readonly Row[] = this.trail.length > 0 ? [{ label: '..', isUp: true, alwaysShow: true }] : [];
    const whole = this.wholeRow();
    const active = staying ? this.rows.length - 1 : up.length + whole.length;
    this.rows = [...up, ...whole, ...nodes.map(rowOf)];
    this.pick.busy = false;
    this.pick.keepScrollPosition = staying;
    this.onValue(this.pick.value);
    const row = this.rows[active];
    if (row !== undefined && !this.pick.value.trimStart().startsWith(scheme)) {
      this.pick.activeItems = [row];
    }
  }

  private wholeRow(): readonly Row[] {
    const current = this.trail.at(-1);
    if (current === undefined || current.kind === 'profile') {
      return [];
    }
    const name = current.kind === 'bucket' ? current.bucket.bucket : prefixLabel(current.prefix, current.parentPrefix);
    return [
      {
        label: vscode.l10n.t('Download everything in {0}', iconless(name)),
        iconPath: new vscode.ThemeIcon('cloud-download'),
        isWhole: true,
      },
    ];
  }

  private async nodes(): Promise<readonly BucketTreeNode[]> {
    const current = this.trail.at(-1);
    const [only, ...others] = this.profileNames;
    if (current !== undefined) {
      return this.listings.children(current);
    }
    return only !== undefined && others.length === 0
      ? this.listings.children(profileNode(only))
      : this.profileNames.map(profileNode);
  }
}

function rowOf(node: BucketTreeNode): Row {
  const { label, description } = rowText(node, { l10n: vscode.l10n, language: vscode.env.language, nowMs: Date.now() });
  const icon = icons[node.kind];
  return {
    label: iconless(label),
    ...defined({ description }),
    ...(icon === undefined ? {} : { iconPath: new vscode.ThemeIcon(icon) }),
    node,
  };
}

const icons: Readonly<Partial<Record<BucketTreeNode['kind'], string>>> = {
  profile: 'account',
  bucket: 'database',
  prefix: 'folder',
  object: 'file',
  more: 'ellipsis',
  error: 'error',
};

/** Escapes $(name), which a quick pick renders as an icon anywhere in a label. */
function iconless(label: string): string {
  return label.replaceAll('$(', '$\u200b(');
}
