import { changelogProblems } from '../checks/changelog.ts';
import { commandProblems } from '../checks/commands.ts';
import { docsProblems } from '../checks/docs.ts';
import { errorCodeProblems } from '../checks/errorCodes.ts';
import { importCycles } from '../checks/importCycles.ts';
import { layoutProblems } from '../checks/layout.ts';
import { manifestTextProblems } from '../checks/manifestTexts.ts';
import { runtimeTextProblems } from '../checks/runtimeTexts.ts';
import { settingProblems } from '../checks/settings.ts';
import { crc64WasmProblems } from '../crc64/module.ts';
import { run as format } from './format.ts';
import { Failure, projectFolder, say } from '../install.mjs';

/**
 * Checks of what neither the compiler nor the linter sees: import cycles, commands, settings and texts against
 * package.json and the documents, file names and links in the documents, error codes outside their tables, the
 * compiled CRC-64 against its source.
 */
export async function run(): Promise<undefined> {
  await format(['--check']);
  say('Checking imports, commands, settings, error codes, changelog, translations, CRC-64 and documents');
  const problems = [
    ...importCycles(projectFolder),
    ...layoutProblems(projectFolder),
    ...commandProblems(projectFolder),
    ...errorCodeProblems(projectFolder),
    ...settingProblems(projectFolder),
    ...changelogProblems(projectFolder),
    ...manifestTextProblems(projectFolder),
    ...runtimeTextProblems(projectFolder),
    ...docsProblems(projectFolder),
    ...(await crc64WasmProblems(projectFolder)),
  ];
  for (const problem of problems) console.error(`  ${problem}`);
  if (problems.length > 0)
    throw new Failure(
      `The check found ${problems.length} fault${problems.length === 1 ? '' : 's'}: mend what stands above.`,
    );
}
