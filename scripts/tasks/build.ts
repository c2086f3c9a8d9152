import { Failure, say } from '../install.mjs';
import { bundleExtension, watchExtension } from '../support/bundle.ts';
import { endBySignal } from '../support/stopping.ts';

/**
 * @param args `--production` for the minified bundles that are packaged; `--watch` to build after each change until
 * Ctrl+C
 */
export async function run(args: readonly string[]): Promise<undefined> {
  const production = args.includes('--production');
  if (!args.includes('--watch')) {
    say(`Building the extension${production ? ' for the package' : ''} into dist`);
    await bundleExtension(production);
    return;
  }
  if (production) throw new Failure('--watch builds for debugging only: leave --production out.');
  endBySignal();
  await watchExtension();
}
