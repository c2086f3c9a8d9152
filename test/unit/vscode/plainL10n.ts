import type { Localizer } from '../../../src/vscode/localizer.ts';

/** English as it is written in the source, its placeholders filled as `vscode.l10n` does. */
export const plainL10n: Localizer = {
  t: (message, ...args) => message.replace(/\{(\d+)\}/g, (placeholder, index: string) => String(args[Number(index)] ?? placeholder)),
};
