import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { BuildOptions } from 'esbuild';
import { Failure, projectFolder } from '../install.mjs';
import { vscodeOnce } from './vscodeOnce.ts';

export const distFolder = path.join(projectFolder, 'dist');

/**
 * Bundles into CommonJS, which is what the extension host loads, both as the extension and as its tests.
 *
 * @throws Failure when esbuild has shown errors
 */
export async function bundle(options: BuildOptions): Promise<void> {
  try {
    await build({
      absWorkingDir: projectFolder,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outExtension: { '.js': '.cjs' },
      target: 'node22',
      logLevel: 'warning',
      ...options,
    });
  } catch {
    throw new Failure('The code could not be bundled: see the errors of esbuild above.');
  }
}

/** Stands in for what ali-oss loads but must not use here; the file says why. */
const unusedByAliOss = './src/oss/unusedByAliOss.cjs';
/** The same for undici, which would load all of itself. */
const undici = './src/oss/undiciParts.mjs';

/**
 * dist/extension.cjs must stay small, since it is read at start-up: ali-oss, the engine and the commands that are seldom
 * used stand in files of their own, which are loaded when first needed.
 */
const bundles: readonly BuildOptions[] = [
  { entryPoints: { extension: 'src/extension.ts' }, plugins: [vscodeOnce] },
  { entryPoints: { objectCommands: 'src/vscode/objectCommandsMain.ts' }, plugins: [vscodeOnce] },
  { entryPoints: { profileCommands: 'src/vscode/profileCommandsMain.ts' }, plugins: [vscodeOnce] },
  { entryPoints: { downloadWorker: 'src/download/worker/workerMain.ts' }, alias: { undici } },
  {
    entryPoints: { aliOss: 'src/oss/aliOssMain.ts' },
    alias: { undici, urllib: unusedByAliOss, debug: unusedByAliOss },
  },
];

/** Well above what it takes, well below what a library that crept in would add. */
const entryLimitBytes = 150_000;

/** Bundles the extension into `dist/`. @param production minified and without source maps, as it is packaged */
export async function bundleExtension(production: boolean): Promise<void> {
  rmSync(distFolder, { recursive: true, force: true });
  await Promise.all(
    bundles.map((options) => bundle({ ...options, outdir: distFolder, minify: production, sourcemap: !production })),
  );
  const entryBytes = statSync(path.join(distFolder, 'extension.cjs')).size;
  if (production && entryBytes > entryLimitBytes) {
    throw new Failure(
      `dist/extension.cjs has ${entryBytes} bytes, more than the ${entryLimitBytes} that start-up may read: load what made it grow when it is first needed.`,
    );
  }
}
