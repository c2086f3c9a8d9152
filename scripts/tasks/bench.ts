import { Failure, say } from '../install.mjs';
import { bundleExtension } from '../support/bundle.ts';
import { runNode } from '../support/child.ts';

/** @param args `--quick`, `--json FILE`, `--only NAME,NAME` (workloads), `--rounds N`, `--folder DIR` (on the disk to measure) */
export async function run(args: readonly string[]): Promise<undefined> {
  say('Building the extension as it is packaged');
  await bundleExtension(true);
  const code = await runNode('test/bench/main.ts', args);
  if (code !== 0) throw new Failure(`The benchmark failed (exit code ${code}): see its output above.`);
}
