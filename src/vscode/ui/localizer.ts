/**
 * The part of `vscode.l10n` that files without `vscode` use: `vscode.l10n` itself in the editor, a fake in plain mocha.
 * `{0}`, `{1}`, … are replaced by the arguments.
 */
export interface Localizer {
  t(message: string, ...args: (string | number | boolean)[]): string;
}

/** English, for the log. */
export const plainL10n: Localizer = {
  t: (message, ...args) =>
    message.replace(/\{(\d+)\}/g, (placeholder, index: string) => String(args[Number(index)] ?? placeholder)),
};
