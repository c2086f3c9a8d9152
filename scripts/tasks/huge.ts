import { Failure, say } from '../install.mjs';
import { runNode } from '../support/child.ts';

/** @param args `--gib N` (default 50), `--seed N` */
export async function run(args: readonly string[]): Promise<undefined> {
  say('Downloading a huge object');
  const code = await runNode('test/engine/huge/main.ts', args);
  if (code !== 0) throw new Failure(`The huge download is red (exit code ${code}): see its output above.`);
}
