import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Editor } from './editor.ts';

/**
 * What gives a signature away, whoever signed: parts of signed URLs and headers. OSS's code SignatureDoesNotMatch is no
 * secret.
 */
const signatures = [/Signature(?!DoesNotMatch)/, /OSSAccessKeyId/, /x-oss-(?:credential|security-token)/i];

/**
 * Not the browser's profile: VS Code keeps its secret storage there, as it does in the system's keychain on the
 * desktop. Not the extension's code, not VS Code's translations (`clp`), and not what was downloaded.
 */
const skipped = new Set(['browser', 'extensions', 'clp', 'downloads']);

/**
 * Looks for secrets and signatures in everything that VS Code and the extension have on disk: settings, logs, storage,
 * checkpoints, temporary files.
 *
 * @returns `file: what` for each that is found
 */
export function secretsOnDisk(editor: Editor, secrets: readonly string[]): string[] {
  return filesBelow(editor.baseFolder).flatMap((file) => {
    const content = unlessGone(() => readFileSync(path.join(editor.baseFolder, file), 'latin1')) ?? '';
    return [
      ...secrets.filter((secret) => content.includes(secret)),
      ...signatures.filter((signature) => signature.test(content)),
    ].map((found) => `${file}: ${String(found)}`);
  });
}

function filesBelow(folder: string): string[] {
  return (unlessGone(() => readdirSync(folder, { withFileTypes: true })) ?? []).flatMap((entry) => {
    if (entry.isFile()) return [entry.name];
    return entry.isDirectory() && !skipped.has(entry.name)
      ? filesBelow(path.join(folder, entry.name)).map((file) => path.join(entry.name, file))
      : [];
  });
}

/** The editor is running: what was listed may be gone when it is read. */
function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
