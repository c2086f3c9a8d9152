import { Failure, say } from '../install.mjs';
import { runNode } from '../support/child.ts';

/** @param args paths to lint, and options of ESLint such as `--fix`; everything by default */
export async function run(args: readonly string[]): Promise<undefined> {
  say('Linting');
  const targets = args.some((argument) => !argument.startsWith('-')) ? args : ['.', ...args];
  if ((await runNode('node_modules/eslint/bin/eslint.js', ['--max-warnings=0', ...targets])) !== 0) {
    throw new Failure('ESLint found faults: see above; "npm run lint -- --fix" mends some.');
  }
}
