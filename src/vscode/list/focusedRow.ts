import type { Downloads } from './downloadList.ts';

/**
 * Whether a command's first argument is none of its own: nothing, or the row that has the focus, which VS Code passes
 * to every command in the menu of a view's title.
 */
export function isFocusedRow(given: unknown, downloads: Pick<Downloads, 'find'>): boolean {
  const isNode = typeof given === 'object' && given !== null && 'kind' in given && 'id' in given;
  return (
    given === undefined ||
    given === null ||
    isNode ||
    (typeof given === 'string' && downloads.find(given) !== undefined)
  );
}
