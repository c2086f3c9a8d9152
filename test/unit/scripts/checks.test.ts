import assert from 'node:assert/strict';
import { layoutProblems } from '../../../scripts/checks/layout.ts';
import { importCycles } from '../../../scripts/checks/importCycles.ts';
import { manifestTextProblems } from '../../../scripts/checks/manifestTexts.ts';
import { runtimeTextProblems } from '../../../scripts/checks/runtimeTexts.ts';
import { useScratchProject } from './support/scratchProject.ts';

describe('project checks', () => {
  const project = useScratchProject();

  it('import cycles are reported, also those of types only', () => {
    project.write('src/a.ts', "import { b } from './b.ts'; export const a = 1 + b;");
    project.write('src/b.ts', "import { c } from './c.ts'; export const b = 1 + c;");
    project.write('src/c.ts', "import { a } from './a.ts'; export const c = 1 + a;");
    project.write('src/d.ts', "import type { E } from './e.ts'; export const d = 1; export type D = E;");
    project.write('src/e.ts', "import { d } from './d.ts'; export type E = typeof d; export const e = d;");
    project.write('src/f.ts', "import { a } from './a.ts'; import type { E } from './e.ts'; export const f: E = a;");
    assert.deepEqual(importCycles(project.root), [
      'import cycle: src/a.ts -> src/b.ts -> src/c.ts -> src/a.ts',
      'import cycle: src/d.ts -> src/e.ts -> src/d.ts',
    ]);
  });

  it('folders over 24 files, files over 330 lines and lines over 120 columns are reported', () => {
    for (let index = 0; index < 25; index++) project.write(`src/full/file${index}.ts`, '');
    for (let index = 0; index < 24; index++) project.write(`src/fits/file${index}.ts`, '');
    project.write('test/long.ts', '//\n'.repeat(331));
    project.write('test/fits.ts', '//\n'.repeat(330));
    project.write('scripts/wide.mjs', `//\n//${'x'.repeat(119)}\n//${'x'.repeat(118)}\n`);
    assert.deepEqual(layoutProblems(project.root), [
      'src/full holds 25 files, more than 24: divide it into rooms',
      'scripts/wide.mjs:2 has 121 columns, more than 120',
      'test/long.ts has 331 lines, more than 330: divide it',
    ]);
  });

  it('manifest texts that a language lacks or no one uses are reported', () => {
    project.write('package.json', { displayName: '%name%', contributes: { commands: [{ title: '%title%' }] } });
    project.write('package.nls.json', { name: 'N', title: 'T' });
    project.write('package.nls.zh-cn.json', { name: 'N', stale: 'S' });
    assert.deepEqual(manifestTextProblems(project.root), [
      'package.nls.zh-cn.json lacks title, which package.json uses',
      'package.nls.zh-cn.json has stale, which package.json does not use',
    ]);
  });

  it('run-time texts that are missing, stale, not literal or have other placeholders are reported', () => {
    project.write(
      'src/vscode/a.ts',
      [
        "l10n.t('Fine {0}', 1);",
        "l10n.t({ message: 'Noted {0}', comment: ['{1} is nothing'] });",
        "vscode.l10n.t('Missing');",
        "l10n.t('Wrong {0} {name}');",
        'l10n.t(text);',
      ].join('\n'),
    );
    project.write('l10n/bundle.l10n.zh-cn.json', {
      'Fine {0}': '好 {0}',
      'Noted {0}/{1} is nothing': '好 {0}',
      'Wrong {0} {name}': '错 {0}',
      Stale: '旧',
    });
    const bundle = 'l10n/bundle.l10n.zh-cn.json';
    assert.deepEqual(runtimeTextProblems(project.root), [
      'src/vscode/a.ts:5: the text of l10n.t must be a literal, or no translator can find it',
      `${bundle} lacks: Missing`,
      `${bundle} has other placeholders than the English text: Wrong {0} {name}`,
      `${bundle} has a text that src does not use: Stale`,
    ]);
  });
});
