import { writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes a display language known to the VS Code server, as installing its language pack does, but with no texts in it:
 * the workbench itself stays English, and every extension shows its own texts in that language. The true pack stands in
 * the marketplace only.
 *
 * @param language as VS Code names it: `zh-cn`
 * @see `getNLSConfiguration` in VS Code, which reads these files
 */
export function addEmptyLanguagePack(userDataFolder: string, language: string): void {
  const texts = path.join(userDataFolder, 'language-pack.json');
  writeFileSync(texts, JSON.stringify({ contents: {} }));
  const pack = {
    hash: 'empty',
    label: language,
    extensions: [{ extensionIdentifier: { id: 'test.language-pack' }, version: '1.0.0' }],
    translations: { vscode: texts },
  };
  writeFileSync(path.join(userDataFolder, 'languagepacks.json'), JSON.stringify({ [language]: pack }));
}
