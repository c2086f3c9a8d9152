import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { sourceFiles } from './project.ts';

/** Finds modules of `src` that import each other in a ring, type imports included. */
export function importCycles(root: string): string[] {
  const files = sourceFiles(root);
  const imports = new Map(files.map((file) => [file, importsOf(root, file)]));
  return cyclesIn(imports).map((cycle) => `import cycle: ${cycle.join(' -> ')}`);
}

/** The project's own modules that a file imports, as paths from the root. */
function importsOf(root: string, file: string): readonly string[] {
  return ts
    .preProcessFile(readFileSync(path.join(root, file), 'utf8'))
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => path.posix.join(path.posix.dirname(file), name));
}

/** One cycle for every import that leads back to a module on the path that led to it. */
function cyclesIn(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) {
      cycles.push([...trail.slice(start), file]);
      return;
    }
    if (finished.has(file)) return;
    for (const imported of imports.get(file) ?? []) visit(imported, [...trail, file]);
    finished.add(file);
  };
  for (const file of [...imports.keys()].sort()) visit(file, []);
  return cycles;
}
