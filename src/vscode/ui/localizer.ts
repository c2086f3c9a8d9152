/**
 * What the pure files need of `vscode.l10n`, and take as the argument `l10n`: `vscode.l10n` itself in the editor,
 * a stand-in in plain mocha. `{0}`, `{1}`, … stand for the arguments.
 */
export interface Localizer {
  t(message: string, ...args: (string | number | boolean)[]): string;
}

/** English, for the log. */
export const plainL10n: Localizer = {
  t: (message, ...args) =>
    message.replace(/\{(\d+)\}/g, (placeholder, index: string) => String(args[Number(index)] ?? placeholder)),
};
