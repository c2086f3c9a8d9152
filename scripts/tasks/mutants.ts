import { Failure, say } from '../install.mjs';
import { runNode } from '../support/child.ts';

/** @param args names of mutants; all without */
export async function run(args: readonly string[]): Promise<undefined> {
  say('Breaking the engine on purpose, one promise at a time');
  const code = await runNode('test/engine/mutants/main.ts', args);
  if (code !== 0) throw new Failure(`Not every mutant was caught (exit code ${code}): see the output above.`);
}
