import { commandProblems } from '../checks/commands.ts';
import { importCycles } from '../checks/importCycles.ts';
import { manifestTextProblems } from '../checks/manifestTexts.ts';
import { runtimeTextProblems } from '../checks/runtimeTexts.ts';
import { crc64WasmProblems } from '../crc64/module.ts';
import { run as format } from './format.ts';
import { Failure, projectFolder, say } from '../install.mjs';

/**
 * What neither the compiler nor the linter sees: import cycles, package.json against code and translations, the
 * compiled CRC-64 against its source.
 */
export async function run(): Promise<undefined> {
  await format(['--check']);
  say('Checking import cycles, the manifest, the translations and the compiled CRC-64');
  const problems = [
    ...importCycles(projectFolder),
    ...commandProblems(projectFolder),
    ...manifestTextProblems(projectFolder),
    ...runtimeTextProblems(projectFolder),
    ...(await crc64WasmProblems(projectFolder)),
  ];
  for (const problem of problems) console.error(`  ${problem}`);
  if (problems.length > 0)
    throw new Failure(
      `The check found ${problems.length} fault${problems.length === 1 ? '' : 's'}: mend what stands above.`,
    );
}
