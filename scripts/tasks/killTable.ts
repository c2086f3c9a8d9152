import { Failure, say } from '../install.mjs';
import { runNode } from '../support/child.ts';

/** @param args `--count N` (default 200), `--seed N`, `--min-mib N`, `--max-mib N` */
export async function run(args: readonly string[]): Promise<undefined> {
  say('Killing downloads at random moments');
  const code = await runNode('test/engine/killTable/main.ts', args);
  if (code !== 0) throw new Failure(`The kill table is red (exit code ${code}): see its output above.`);
}
