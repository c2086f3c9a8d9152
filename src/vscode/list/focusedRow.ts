import type { Downloads } from './downloadList.ts';

/**
 * Whether a command's first argument is absent or the focused row, which VS Code passes to every command in a view's
 * title menu.
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
