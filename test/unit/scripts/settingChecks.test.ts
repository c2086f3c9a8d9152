import assert from 'node:assert/strict';
import { settingProblems } from '../../../scripts/checks/settings.ts';
import { useScratchProject } from './support/scratchProject.ts';

describe('setting check', () => {
  const project = useScratchProject();
  const complete = { scope: 'machine', description: '%d%' };

  function problems(
    read: readonly string[],
    offered: Readonly<Record<string, unknown>>,
    explained: readonly string[],
  ): readonly string[] {
    const members = read.map((key) => `readonly '${key}': string;`).join(' ');
    project.write('src/vscode/settings/settingValues.ts', `export interface SettingValues { ${members} }`);
    const properties = Object.fromEntries(
      Object.entries(offered).map(([key, value]) => [`ossDownloader.${key}`, value]),
    );
    project.write('package.json', { contributes: { configuration: [{ properties }] } });
    const rows = explained.map((key) => `| \`${key}\` | 1 | means |`).join('\n');
    project.write('README.md', `# R\n\n| \`other\` | |\n\n## Settings\n\n${rows}\n\n## More\n\n| \`else\` | |\n`);
    return settingProblems(project.root);
  }

  it('a setting in code, manifest and README, with a scope and a description, is accepted', () => {
    assert.deepEqual(problems(['list.pageSize'], { 'list.pageSize': complete }, ['list.pageSize']), []);
  });

  it('a setting that the code does not read is reported', () => {
    assert.deepEqual(problems([], { a: complete }, ['a']), [
      'the setting a is missing in SettingValues (src/vscode/settings/settingValues.ts)',
    ]);
  });

  it('a setting that package.json does not contribute is reported', () => {
    assert.deepEqual(problems(['a'], {}, ['a']), [
      'the setting a is missing in contributes.configuration of package.json',
    ]);
  });

  it('a setting without a row in the README is reported', () => {
    assert.deepEqual(problems(['a'], { a: complete }, []), [
      "the setting a is missing in README.md's table of settings",
    ]);
  });

  it('a setting without a scope or a description is reported', () => {
    assert.deepEqual(problems(['a', 'b'], { a: { description: '%d%' }, b: { scope: 'window' } }, ['a', 'b']), [
      'package.json says no scope for ossDownloader.a: a workspace could set it',
      'package.json has no description of ossDownloader.b',
    ]);
  });
});
