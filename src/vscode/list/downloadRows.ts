import { isActive, isFinal } from '../../download/downloadState.ts';
import type { DownloadState } from '../../download/downloadState.ts';
import type { DownloadSnapshot } from '../../download/model.ts';
import type { ListedDownload } from './listedDownload.ts';
import type { Localizer } from '../ui/localizer.ts';
import { canGoOn } from './summary.ts';
import { rowName, stateText } from './texts.ts';
import { isFromUrl } from './listedDownload.ts';

/** What one row of the Downloads view shows. */
export interface DownloadRow {
  readonly name: string;
  readonly state: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** Tokens that the menus of package.json look for. */
  readonly context: string;
  readonly kind: DownloadState['kind'];
  /** Whether it can be unfolded: a batch that is not done. */
  readonly hasParts: boolean;
}

export function downloadRow(download: ListedDownload, l10n: Localizer): DownloadRow {
  const name = rowName(download);
  const state = stateText(download, l10n);
  const hasParts = download.whole !== undefined && download.state.kind !== 'completed';
  return {
    hasParts,
    name,
    state,
    spoken: `${name}, ${spokenKind(download, state, l10n)}`,
    context: contextValue(download),
    kind: download.state.kind,
  };
}

/** The states that matter for the badge, the titles' buttons and the welcome. */
export interface ListFacts {
  readonly count: number;
  readonly active: number;
  readonly failed: number;
  readonly resumable: number;
  readonly final: number;
}

/** One pass over all: there may be many thousands, several times a second. */
export function listFacts(downloads: readonly DownloadSnapshot[]): ListFacts {
  let [active, failed, resumable, final] = [0, 0, 0, 0];
  for (const { state } of downloads) {
    active += isActive(state) ? 1 : 0;
    failed += state.kind === 'failed' ? 1 : 0;
    resumable += canGoOn(state) ? 1 : 0;
    final += isFinal(state) ? 1 : 0;
  }
  return { count: downloads.length, active, failed, resumable, final };
}

/** The number on the view's icon, and what it means; undefined when nothing needs attention. */
export function badge(
  { active, failed }: ListFacts,
  l10n: Localizer,
): { readonly value: number; readonly tooltip: string } | undefined {
  if (active + failed === 0) {
    return undefined;
  }
  const texts = [
    ...(active === 0 ? [] : [active === 1 ? l10n.t('1 active download') : l10n.t('{0} active downloads', active)]),
    ...(failed === 0 ? [] : [failed === 1 ? l10n.t('1 failed download') : l10n.t('{0} failed downloads', failed)]),
  ];
  return { value: active + failed, tooltip: texts.join(', ') };
}

/** Remembers what each row shows, so that only rows that look different are drawn again. */
export class ShownRows {
  private readonly shown = new Map<string, string>();

  /** To be called for each row that is drawn. */
  drawn(id: string, row: DownloadRow): void {
    this.shown.set(id, signature(row));
  }

  /** Whether a row that was drawn would look the same; one that was never drawn needs nothing either. */
  isSame(id: string, row: DownloadRow): boolean {
    const before = this.shown.get(id);
    return before === undefined || before === signature(row);
  }

  forget(id: string): void {
    this.shown.delete(id);
  }
}

/**
 * The list that the view has been told of, newest first. While VS Code asks for the list again it knows none of its
 * rows, and a click on one names nothing: it is to ask only when other rows are there.
 */
export class ToldList {
  private ids: readonly string[] = [];
  private known: ReadonlySet<string> = new Set();

  has(id: string): boolean {
    return this.known.has(id);
  }

  /** @returns whether these are others than those that were told last */
  tell(ids: readonly string[]): boolean {
    const isOther = ids.length !== this.ids.length || ids.some((id, index) => id !== this.ids[index]);
    if (isOther) {
      this.ids = ids;
      this.known = new Set(ids);
    }
    return isOther;
  }
}

function signature({ name, state, context, kind }: DownloadRow): string {
  return [kind, context, state, name].join('\n');
}

/** A description that is only a size says nothing to who cannot see the icon. */
function spokenKind({ state }: DownloadSnapshot, text: string, l10n: Localizer): string {
  switch (state.kind) {
    case 'completed':
      return l10n.t('completed, {0}', text);
    case 'running':
      return l10n.t('downloading, {0}', text);
    default:
      return text;
  }
}

function contextValue({ state, label, whole }: ListedDownload): string {
  return [
    'download',
    ...(whole === undefined ? [] : ['batch']),
    ...(isActive(state) ? ['pausable'] : []),
    ...(state.kind === 'queued' ? ['queued'] : []),
    ...(state.kind === 'failed' ? ['failed'] : canGoOn(state) ? ['resumable'] : []),
    ...(isFinal(state) ? ['removable'] : ['cancellable']),
    ...(state.kind === 'completed' && whole === undefined ? ['completed'] : []),
    ...(isFromUrl({ label }) && !isFinal(state) ? ['fromUrl'] : []),
    ...(state.kind === 'waiting' && state.reason === 'url' ? ['needsUrl'] : []),
  ].join(' ');
}
