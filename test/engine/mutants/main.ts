import path from 'node:path';
import { projectFolder } from '../../../scripts/install.mjs';
import { onStop } from '../../../scripts/support/stopping.ts';
import { mutants } from './mutants.ts';
import type { Mutant } from './mutants.ts';
import { SourceCopy } from './sourceCopy.ts';
import { runSuite, suiteFiles } from './suite.ts';

/**
 * `node main.ts [name of a mutant...]`: exit code 0 when each was caught by a test that fails with it every time and
 * passes without.
 */
const names = process.argv.slice(2);
const chosen = names.length === 0 ? mutants : mutants.filter((mutant) => names.includes(mutant.name));
if (chosen.length === 0) {
  throw new Error(`no such mutant; there are: ${mutants.map((mutant) => mutant.name).join('; ')}`);
}

const copy = new SourceCopy(projectFolder);
onStop(() => copy.remove());
// all first: a mutant that no longer fits should not show after an hour
for (const mutant of chosen) {
  copy.apply(mutant);
  copy.restore();
}

console.log('| mutant | caught by | after, s |\n|---|---|--:|');
let survivors = 0;
for (const mutant of chosen) {
  const start = performance.now();
  const { caughtBy, isCaught } = await hunt(mutant);
  survivors += isCaught ? 0 : 1;
  console.log(`| ${mutant.name} | ${caughtBy} | ${((performance.now() - start) / 1000).toFixed(0)} |`);
}
copy.remove();
console.log(`\n${chosen.length - survivors} of ${chosen.length} mutants caught`);
process.exitCode = survivors === 0 ? 0 : 1;

interface Hunted {
  readonly caughtBy: string;
  readonly isCaught: boolean;
}

async function hunt(mutant: Mutant): Promise<Hunted> {
  copy.apply(mutant);
  try {
    for (let files = suiteFiles(copy), passed = 0; ;) {
      const result = await runSuite(copy, files);
      if (result === 'hung') {
        return { caughtBy: 'the suite, which hung', isCaught: true };
      }
      passed += result.passed;
      if (result.failure === undefined) {
        return { caughtBy: `NOBODY: ${passed} tests passed`, isCaught: false };
      }
      const file = path.relative(copy.path, path.resolve(copy.path, result.failure.file));
      const title = result.failure.title.replace(/"(before|after) (each|all)" hook.*$/, '').trim();
      if (await isCause(mutant, file, title)) {
        return { caughtBy: `${file}: ${title}`, isCaught: true };
      }
      if (!files.includes(file)) {
        throw new Error(`a failure outside of the suite: ${file}: ${title}`);
      }
      files = files.slice(files.indexOf(file) + 1);
    }
  } finally {
    copy.restore();
  }
}

/** A test has caught a mutant when it fails with it again, and passes without it; else it is only shaky. */
async function isCause(mutant: Mutant, file: string, title: string): Promise<boolean> {
  const withIt = await runSuite(copy, [file], title);
  copy.restore();
  const without = await runSuite(copy, [file], title);
  copy.apply(mutant);
  return (
    (withIt === 'hung' || withIt.failure !== undefined) &&
    without !== 'hung' &&
    without.failure === undefined &&
    without.passed > 0
  );
}
