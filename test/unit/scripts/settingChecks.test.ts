import assert from 'node:assert/strict';
import { settingProblems } from '../../../scripts/checks/settings.ts';
import { useScratchProject } from './support/scratchProject.ts';

describe('the check of settings', () => {
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

  it('accepts a setting that code, manifest and README have, with a scope and a description', () => {
    assert.deepEqual(problems(['list.pageSize'], { 'list.pageSize': complete }, ['list.pageSize']), []);
  });

  it('names a setting that the code does not read', () => {
    assert.deepEqual(problems([], { a: complete }, ['a']), [
      'the setting a is missing in SettingValues (src/vscode/settings/settingValues.ts)',
    ]);
  });

  it('names a setting that package.json does not offer', () => {
    assert.deepEqual(problems(['a'], {}, ['a']), [
      'the setting a is missing in contributes.configuration of package.json',
    ]);
  });

  it('names a setting without a row in the README', () => {
    assert.deepEqual(problems(['a'], { a: complete }, []), [
      "the setting a is missing in README.md's table of settings",
    ]);
  });

  it('names a setting without a scope or a description', () => {
    assert.deepEqual(problems(['a', 'b'], { a: { description: '%d%' }, b: { scope: 'window' } }, ['a', 'b']), [
      'package.json says no scope for ossDownloader.a: a workspace could set it',
      'package.json has no description of ossDownloader.b',
    ]);
  });
});
