import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { build, context } from 'esbuild';
import type { BuildOptions, Plugin } from 'esbuild';
import { Failure, projectFolder, say } from '../install.mjs';
import { onStop } from './stopping.ts';
import { vscodeOnce } from './vscodeOnce.ts';

export const distFolder = path.join(projectFolder, 'dist');

/** CommonJS is what the extension host loads, both as the extension and as its tests. */
const commonJs: BuildOptions = {
  absWorkingDir: projectFolder,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  target: 'node22',
  logLevel: 'warning',
};

/**
 * Bundles into CommonJS.
 *
 * @throws Failure when esbuild has shown errors
 */
export async function bundle(options: BuildOptions): Promise<void> {
  try {
    await build({ ...commonJs, ...options });
  } catch {
    throw new Failure('The code could not be bundled: see the errors of esbuild above.');
  }
}

/** Stands in for what ali-oss loads but must not use here; the file says why. */
const unusedByAliOss = './src/oss/api/unusedByAliOss.cjs';
/** The same for undici, which would load all of itself. */
const undici = './src/oss/http/undiciParts.mjs';

/**
 * dist/extension.cjs must stay small, since it is read at start-up: ali-oss, the engine and the commands that are
 * seldom used stand in files of their own, which are loaded when first needed.
 */
const bundles: readonly BuildOptions[] = [
  { entryPoints: { extension: 'src/extension.ts' }, plugins: [vscodeOnce] },
  { entryPoints: { objectCommands: 'src/vscode/bundles/objectCommands.ts' }, plugins: [vscodeOnce] },
  { entryPoints: { profileCommands: 'src/vscode/bundles/profileCommands.ts' }, plugins: [vscodeOnce] },
  { entryPoints: { downloadWorker: 'src/download/worker/workerMain.ts' }, alias: { undici } },
  {
    entryPoints: { aliOss: 'src/oss/api/ossAccess.ts' },
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
      `dist/extension.cjs has ${entryBytes} bytes, more than the ${entryLimitBytes} that start-up may read: load ` +
        `what made it grow when it is first needed.`,
    );
  }
}

/**
 * Bundles the extension into `dist/`, with source maps, after each change of a source until this process is told to
 * stop. The lines about begin and end are what the task `watch` of .vscode/tasks.json waits for.
 */
export async function watchExtension(): Promise<never> {
  rmSync(distFolder, { recursive: true, force: true });
  say('Build started');
  const finished = new Set<BuildOptions>();
  const report = (options: BuildOptions): Plugin => ({
    name: 'report',
    setup: (build) => {
      build.onStart(() => {
        if (finished.size === bundles.length) say('Build started');
        finished.delete(options);
      });
      build.onEnd(() => {
        finished.add(options);
        if (finished.size === bundles.length) say('Build finished, watching for changes');
      });
    },
  });
  for (const options of bundles) {
    const plugins = [...(options.plugins ?? []), report(options)];
    const watched = await context({ ...commonJs, ...options, outdir: distFolder, sourcemap: true, plugins });
    onStop(() => watched.dispose());
    await watched.watch();
  }
  return new Promise<never>(() => undefined);
}
