import { build } from 'esbuild';
import type { Metafile } from 'esbuild';
import { sourceFiles } from './project.ts';

/** Finds modules of `src` that import each other in a ring at run time; type imports leave no trace and may. */
export async function importCycles(root: string): Promise<string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: sourceFiles(root),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    outdir: 'unused',
    write: false,
    metafile: true,
    logLevel: 'error',
  });
  return cyclesIn(metafile.inputs).map((cycle) => `import cycle: ${cycle.join(' -> ')}`);
}

/** One cycle for every import that leads back to a module on the path that led to it. */
function cyclesIn(inputs: Metafile['inputs']): string[][] {
  const cycles: string[][] = [];
  const finished = new Set<string>();
  const visit = (file: string, trail: readonly string[]): void => {
    const start = trail.indexOf(file);
    if (start >= 0) {
      cycles.push([...trail.slice(start), file]);
      return;
    }
    if (finished.has(file)) return;
    for (const imported of inputs[file]?.imports ?? []) {
      if (imported.external !== true) visit(imported.path, [...trail, file]);
    }
    finished.add(file);
  };
  for (const file of Object.keys(inputs).sort()) visit(file, []);
  return cycles;
}
