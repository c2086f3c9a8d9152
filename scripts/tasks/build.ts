import { say } from '../install.mjs';
import { bundleExtension } from '../support/bundle.ts';

/** @param args `--production` for the minified bundles that are packaged */
export async function run(args: readonly string[]): Promise<undefined> {
  const production = args.includes('--production');
  say(`Building the extension${production ? ' for the package' : ''} into dist`);
  await bundleExtension(production);
}
