import { Failure, say } from '../install.mjs';
import { runNode } from '../support/child.ts';

export async function run(): Promise<undefined> {
  say('Checking the types');
  if ((await runNode('node_modules/typescript/bin/tsc', ['-p', '.', '--noEmit'])) !== 0) {
    throw new Failure('The types do not fit: see the errors of tsc above.');
  }
}
