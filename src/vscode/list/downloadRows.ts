import type { Localizer } from '../ui/localizer.ts';
import { canGoOn, hasFailed, isActive, isFinal, isFromUrl, statusOf } from './row.ts';
import type { Row, RowStatus } from './row.ts';
import { rowName, stateText } from './texts.ts';

/** Content of one row of the Downloads view. */
export interface RenderedRow {
  readonly name: string;
  readonly state: string;
  /** Label for screen readers. */
  readonly spoken: string;
  /** Tokens for the `when` clauses of package.json. */
  readonly context: string;
  readonly status: RowStatus;
  /** Whether the row can be expanded: an unfinished batch. */
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

/** Facts for the badge, the title buttons and the welcome text. */
export interface ListFacts {
  readonly count: number;
  readonly active: number;
  readonly failed: number;
  readonly resumable: number;
  readonly final: number;
}

/** Computed in one pass: many thousands of rows change several times a second. */
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

/** The number on the view's icon, with its tooltip; undefined when nothing needs attention. */
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

/** Last rendered content of each row, so that only changed rows are rendered again. */
export class RenderedRows {
  private readonly shown = new Map<string, string>();

  /** Must be called for each rendered row. */
  markRendered(id: string, row: RenderedRow): void {
    this.shown.set(id, signature(row));
  }

  /** Whether rendering would change nothing; true for a row that was never rendered. */
  isSame(id: string, row: RenderedRow): boolean {
    const before = this.shown.get(id);
    return before === undefined || before === signature(row);
  }

  forget(id: string): void {
    this.shown.delete(id);
  }
}

/**
 * The ids that the view shows, newest first. While VS Code reloads a list, a click on a row passes no argument, so it
 * may reload only when the ids change.
 */
export class RenderedIds {
  private ids: readonly string[] = [];
  private known: ReadonlySet<string> = new Set();

  has(id: string): boolean {
    return this.known.has(id);
  }

  /** @returns whether the ids differ from the last ones */
  update(ids: readonly string[]): boolean {
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

/** Adds the state for screen readers, where the row shows it only as an icon. */
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
