import { Failure, say } from '../install.mjs';
import { runNode } from '../support/child.ts';

/** @param args `--check` reports unformatted files and changes nothing */
export async function run(args: readonly string[]): Promise<undefined> {
  const mode = args.includes('--check') ? '--check' : '--write';
  say(mode === '--check' ? 'Checking the format' : 'Formatting');
  if ((await runNode('node_modules/prettier/bin/prettier.cjs', [mode, '--log-level=warn', '.'])) !== 0) {
    throw new Failure('Prettier found unformatted files, see above: "npm run format" formats them.');
  }
}
