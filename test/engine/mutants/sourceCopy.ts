import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../../support/tempFolder.ts';
import type { TempFolder } from '../../support/tempFolder.ts';
import type { Edit, Mutant } from './mutants.ts';

const copied = ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts', 'src', 'test'];

/**
 * A copy of the source tree in a temporary folder, to be changed and thrown away. The checkout itself is never touched.
 */
export class SourceCopy {
  private readonly temp: TempFolder = tempFolder();
  /** The text of the files that are changed just now. */
  private readonly originals = new Map<string, string>();

  /** @param checkout whose later changes no longer matter */
  constructor(checkout: string) {
    for (const name of copied) {
      cpSync(join(checkout, name), this.pathOf(name), { recursive: true });
    }
    symlinkSync(join(checkout, 'node_modules'), this.pathOf('node_modules'));
  }

  get path(): string {
    return this.temp.path;
  }

  pathOf(file: string): string {
    return join(this.temp.path, file);
  }

  /** @throws Error where the mutant does not fit the source */
  apply(mutant: Mutant): void {
    for (const edit of mutant.edits) {
      const text = readFileSync(this.pathOf(edit.file), 'utf8');
      if (!this.originals.has(edit.file)) {
        this.originals.set(edit.file, text);
      }
      writeFileSync(this.pathOf(edit.file), edited(text, edit, mutant));
    }
  }

  /** Takes the edits back. */
  restore(): void {
    this.originals.forEach((text, file) => writeFileSync(this.pathOf(file), text));
    this.originals.clear();
  }

  remove(): void {
    this.temp.remove();
  }
}

function edited(text: string, { file, find, replace }: Edit, mutant: Mutant): string {
  const times = text.split(find).length - 1;
  if (times !== 1) {
    throw new Error(
      `the mutant "${mutant.name}" no longer applies: ${times} times in ${file}: ${JSON.stringify(find)}; fit it ` +
        `to the source in test/engine/mutants/mutants.ts`,
    );
  }
  return text.replace(find, () => replace);
}
