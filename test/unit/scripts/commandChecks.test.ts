import assert from 'node:assert/strict';
import { commandProblems } from '../../../scripts/checks/commands.ts';
import { useScratchProject } from './support/scratchProject.ts';

interface Parts {
  readonly menus?: unknown;
  readonly viewsWelcome?: unknown;
  /** English title of each command. */
  readonly titles: Readonly<Record<string, string>>;
  readonly chineseTitles?: Readonly<Record<string, string>>;
  readonly handlers?: readonly string[];
}

describe('command check', () => {
  const project = useScratchProject();

  /** The problems of an extension with these commands, named without their prefix. */
  function problems({ menus, viewsWelcome, titles, chineseTitles = titles, handlers }: Parts): readonly string[] {
    const ids = Object.keys(titles);
    project.write('package.json', {
      contributes: {
        commands: ids.map((id) => ({ command: `ossDownloader.${id}`, title: `%${id}%`, category: 'OSS' })),
        menus,
        viewsWelcome,
      },
    });
    project.write('package.nls.json', titles);
    project.write('package.nls.zh-cn.json', chineseTitles);
    const members = (handlers ?? ids).map((id) => `'ossDownloader.${id}': [target?: string]`).join('; ');
    project.write('src/vscode/ids.ts', `export interface CommandArguments { ${members} }`);
    return commandProblems(project.root);
  }
  const menu = (...ids: readonly string[]): readonly unknown[] => ids.map((id) => ({ command: `ossDownloader.${id}` }));

  it('commands without handler or contribution, and links to unknown commands, are reported', () => {
    const found = problems({
      titles: { a: 'A', b: 'B' },
      handlers: ['a', 'c'],
      menus: { 'view/title': [...menu('a', 'b', 'x'), { command: 'workbench.other' }] },
      viewsWelcome: [{ contents: '[Go](command:ossDownloader.y)' }],
    });
    assert.deepEqual(
      found.map((problem) => /ossDownloader\.\w/.exec(problem)?.[0]),
      ['ossDownloader.b', 'ossDownloader.c', 'ossDownloader.x', 'ossDownloader.y'],
    );
  });

  it('a command that is in no menu, or hidden in the palette and nowhere else, is reported', () => {
    const hidden = { command: 'ossDownloader.hidden', when: 'false' };
    assert.deepEqual(problems({ titles: { forgotten: 'F', hidden: 'H' }, menus: { commandPalette: [hidden] } }), [
      'ossDownloader.forgotten stands in no menu of package.json, not in commandPalette either',
      'ossDownloader.hidden is hidden in the palette and stands in no other menu of package.json',
    ]);
  });

  it('a command in the palette, a menu, a welcome text or a tree row is accepted', () => {
    project.write('src/vscode/tree.ts', "commandLink('ossDownloader.row', l10n.t('More'), node);");
    const hidden = ['row', 'item', 'welcome'].map((id) => ({ command: `ossDownloader.${id}`, when: 'false' }));
    assert.deepEqual(
      problems({
        titles: { palette: 'P', item: 'I', welcome: 'W', row: 'R' },
        menus: { commandPalette: [...hidden, ...menu('palette')], 'view/item/context': menu('item') },
        viewsWelcome: [{ contents: '[Go](command:ossDownloader.welcome)' }],
      }),
      [],
    );
  });

  it('two commands with one title in the palette, in either language, are reported', () => {
    assert.deepEqual(
      problems({
        titles: { one: 'Export', two: 'Export', three: 'Pause' },
        chineseTitles: { one: '导出', two: '导出全部', three: '导出全部' },
        menus: { commandPalette: menu('one', 'two', 'three') },
      }),
      [
        'package.nls.json: ossDownloader.one and ossDownloader.two are both "OSS: Export" in the palette',
        'package.nls.zh-cn.json: ossDownloader.two and ossDownloader.three are both "OSS: 导出全部" in the palette',
      ],
    );
  });

  it('two commands may share a title if the palette shows only one of them', () => {
    const hidden = { command: 'ossDownloader.two', when: 'false' };
    assert.deepEqual(
      problems({
        titles: { one: 'Export', two: 'Export' },
        menus: { commandPalette: [hidden, ...menu('one')], 'view/title': menu('two') },
      }),
      [],
    );
  });
});
