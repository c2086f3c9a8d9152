/** English as it is written in the source, its placeholders filled as `vscode.l10n` does. */
export { plainL10n } from '../../../src/vscode/localizer.ts';
