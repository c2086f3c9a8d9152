import type { Localizer } from '../ui/localizer.ts';
import { canGoOn, hasFailed, isActive, isFinal, isFromUrl, statusOf } from './row.ts';
import type { Row, RowStatus } from './row.ts';
import { rowName, stateText } from './texts.ts';

/** What one row of the Downloads view shows. */
export interface RenderedRow {
  readonly name: string;
  readonly state: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** Tokens that the menus of package.json look for. */
  readonly context: string;
  readonly status: RowStatus;
  /** Whether it can be unfolded: a batch that is not done. */
  readonly hasParts: boolean;
}

export function renderRow(row: Row, l10n: Localizer): RenderedRow {
  const name = rowName(row);
  const state = stateText(row, l10n);
  const status = statusOf(row);
  return {
    hasParts: row.kind === 'batch' && !isFinal(row),
    name,
    state,
    spoken: `${name}, ${spokenStatus(status, state, l10n)}`,
    context: contextValue(row),
    status,
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
export function listFacts(rows: readonly Row[]): ListFacts {
  let [active, failed, resumable, final] = [0, 0, 0, 0];
  for (const row of rows) {
    active += isActive(row) ? 1 : 0;
    failed += hasFailed(row) ? 1 : 0;
    resumable += canGoOn(row) ? 1 : 0;
    final += isFinal(row) ? 1 : 0;
  }
  return { count: rows.length, active, failed, resumable, final };
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
  drawn(id: string, row: RenderedRow): void {
    this.shown.set(id, signature(row));
  }

  /** Whether a row that was drawn would look the same; one that was never drawn needs nothing either. */
  isSame(id: string, row: RenderedRow): boolean {
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

function signature({ name, state, context, status }: RenderedRow): string {
  return [status, context, state, name].join('\n');
}

/** A description that is only a size says nothing to who cannot see the icon. */
function spokenStatus(status: RowStatus, text: string, l10n: Localizer): string {
  switch (status) {
    case 'completed':
      return l10n.t('completed, {0}', text);
    case 'running':
      return l10n.t('downloading, {0}', text);
    default:
      return text;
  }
}

function contextValue(row: Row): string {
  const { kind, state } = row;
  return [
    'download',
    ...(kind === 'batch' ? ['batch'] : []),
    ...(isActive(row) ? ['pausable'] : []),
    ...(state.kind === 'queued' ? ['queued'] : []),
    ...(hasFailed(row) ? ['failed'] : canGoOn(row) ? ['resumable'] : []),
    ...(isFinal(row) ? ['removable'] : ['cancellable']),
    ...(state.kind === 'completed' ? ['completed'] : []),
    ...(isFromUrl(row) && !isFinal(row) ? ['fromUrl'] : []),
    ...(state.kind === 'waiting' && state.reason === 'url' ? ['needsUrl'] : []),
  ].join(' ');
}
