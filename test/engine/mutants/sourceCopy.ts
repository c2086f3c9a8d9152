import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TempFolder, tempFolder } from '../../support/tempFolder.ts';
import type { Edit, Mutant } from './mutants.ts';

const copied = ['package.json', 'package-lock.json', 'tsconfig.json', 'scripts', 'src', 'test'];

/** A copy of the source tree in a temporary folder, to be changed and thrown away. The checkout itself is never touched. */
export class SourceCopy {
  private readonly checkout: string;
  private readonly temp: TempFolder = tempFolder();

  constructor(checkout: string) {
    this.checkout = checkout;
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

  /** @throws Error where the mutant no longer fits the source */
  apply(mutant: Mutant): void {
    for (const file of new Set(mutant.edits.map((edit) => edit.file))) {
      const text = readFileSync(this.pathOf(file), 'utf8');
      writeFileSync(this.pathOf(file), mutant.edits.filter((edit) => edit.file === file).reduce((changed, edit) => edited(changed, edit, mutant), text));
    }
  }

  /** Takes the edits of a mutant back. */
  restore(mutant: Mutant): void {
    for (const { file } of mutant.edits) {
      cpSync(join(this.checkout, file), this.pathOf(file));
    }
  }

  remove(): void {
    this.temp.remove();
  }
}

function edited(text: string, { file, find, replace }: Edit, mutant: Mutant): string {
  const times = text.split(find).length - 1;
  if (times !== 1) {
    throw new Error(`the mutant "${mutant.name}" no longer applies: ${times} times in ${file}: ${JSON.stringify(find)}; fit it to the source in test/engine/mutants/mutants.ts`);
  }
  return text.replace(find, () => replace);
}
