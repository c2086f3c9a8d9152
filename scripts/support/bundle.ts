import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';
import { projectFolder } from '../install.mjs';

export const distFolder = path.join(projectFolder, 'dist');

/** Settings shared by the extension's bundles and the one of its integration tests. */
export const bundleOptions = {
  absWorkingDir: projectFolder,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  target: 'node22',
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * dist/extension.cjs must stay small, since it is read at start-up: ali-oss and the engine stand in files of their own,
 * which are loaded when first needed.
 */
const entryPoints = {
  extension: 'src/extension.ts',
  downloadWorker: 'src/download/worker/workerMain.ts',
  aliOss: 'src/oss/aliOssMain.ts',
};

/** Bundles the extension into `dist/`. @param production minified and without source maps, as it is packaged */
export async function bundleExtension(production: boolean): Promise<void> {
  rmSync(distFolder, { recursive: true, force: true });
  const present = Object.entries(entryPoints).filter(([, file]) => existsSync(path.join(projectFolder, file)));
  await build({
    ...bundleOptions,
    entryPoints: Object.fromEntries(present),
    outdir: distFolder,
    external: ['vscode'],
    minify: production,
    sourcemap: !production,
  });
}
