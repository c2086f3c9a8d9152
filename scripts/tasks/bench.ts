import { Failure, say } from '../install.mjs';
import { bundleExtension } from '../support/bundle.ts';
import { runNode } from '../support/child.ts';

/**
 * @param args `--quick`, `--json FILE`, `--rounds N`, `--only NAME,NAME` (workloads), `--with NAME,NAME` (contenders),
 *             `--folder DIR` (on the disk to measure), `--profile DIR` (gets a CPU profile of each thread; nothing is
 * minified then)
 */
export async function run(args: readonly string[]): Promise<undefined> {
  const isProfiled = args.some((arg) => /^--profile\b/.test(arg));
  say(`Building the extension${isProfiled ? '' : ' as it is packaged'}`);
  await bundleExtension(!isProfiled);
  const code = await runNode('test/bench/main.ts', args);
  if (code !== 0) throw new Failure(`The benchmark failed (exit code ${code}): see its output above.`);
}
