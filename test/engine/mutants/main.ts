import path from 'node:path';
import { projectFolder } from '../../../scripts/install.mjs';
import { type Mutant, mutants } from './mutants.ts';
import { SourceCopy } from './sourceCopy.ts';
import { runSuite, suiteFiles } from './suite.ts';

/** `node main.ts [name of a mutant...]`: exit code 0 when each was caught by a test that passes without it. */
const names = process.argv.slice(2);
const chosen = names.length === 0 ? mutants : mutants.filter((mutant) => names.includes(mutant.name));
if (chosen.length === 0) {
  throw new Error(`no such mutant; there are: ${mutants.map((mutant) => mutant.name).join('; ')}`);
}

const copy = new SourceCopy(projectFolder);
process.on('exit', () => copy.remove());
process.on('SIGTERM', () => process.exit(143));
process.on('SIGINT', () => process.exit(130));
// all first: a mutant that no longer fits should not show after an hour
for (const mutant of chosen) {
  copy.apply(mutant);
  copy.restore(mutant);
}

console.log('| mutant | caught by | after, s |\n|---|---|--:|');
let survivors = 0;
for (const mutant of chosen) {
  const start = performance.now();
  const { caughtBy, isCaught } = await hunt(mutant);
  survivors += isCaught ? 0 : 1;
  console.log(`| ${mutant.name} | ${caughtBy} | ${((performance.now() - start) / 1000).toFixed(0)} |`);
}
console.log(`\n${chosen.length - survivors} of ${chosen.length} mutants caught`);
process.exitCode = survivors === 0 ? 0 : 1;

async function hunt(mutant: Mutant): Promise<{ readonly caughtBy: string; readonly isCaught: boolean }> {
  copy.apply(mutant);
  const result = await runSuite(copy, suiteFiles(copy)).finally(() => copy.restore(mutant));
  if (result === 'hung') {
    return { caughtBy: 'the suite, which hung', isCaught: true };
  }
  const { failure, passed } = result;
  if (failure === undefined) {
    return { caughtBy: `NOBODY: all ${passed} tests passed`, isCaught: false };
  }
  const file = path.relative(copy.path, path.resolve(copy.path, failure.file));
  // A test that fails without the mutant as well has caught nothing.
  const title = failure.title.replace(/"(before|after) (each|all)" hook.*$/, '').trim();
  const without = await runSuite(copy, [file], title);
  return without === 'hung' || without.failure !== undefined || without.passed === 0
    ? { caughtBy: `NOBODY: "${failure.title}" fails without it, too`, isCaught: false }
    : { caughtBy: `${file}: ${title}`, isCaught: true };
}
