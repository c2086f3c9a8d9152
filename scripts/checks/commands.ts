import ts from 'typescript';
import { parseSource, readJson, readTexts, sourceFiles, stringsIn, walk } from './project.ts';

interface Contributions {
  readonly commands?: readonly { readonly command: string; readonly title?: string; readonly category?: string }[];
  readonly menus?: Readonly<Record<string, readonly { readonly command: string; readonly when?: string }[]>>;
}

const prefix = 'ossDownloader.';

const languages = ['package.nls.json', 'package.nls.zh-cn.json'];

/**
 * The commands of package.json and those of the typed table `CommandArguments` must be the same: one without a handler
 * fails when it is clicked, one without a contribution cannot be found. Menus, keys and welcome texts may name no
 * other. Each has a place where it is found, and a title of its own in the palette.
 */
export function commandProblems(root: string): string[] {
  const { contributes = {} } = readJson(root, 'package.json') as { readonly contributes?: Contributions };
  const contributed = new Set(contributes.commands?.map(({ command }) => command));
  const registered = registeredCommands(root);
  return [
    ...[...contributed]
      .filter((id) => !registered.has(id))
      .map((id) => `package.json contributes ${id}, but CommandArguments in src/vscode has no such command`),
    ...[...registered]
      .filter((id) => !contributed.has(id))
      .map((id) => `src/vscode has the command ${id}, but package.json does not contribute it`),
    ...referencedCommands(contributes)
      .filter((id) => !contributed.has(id))
      .map((id) => `package.json refers to ${id}, which is no contributed command`),
    ...menuProblems(root, contributes),
    ...titleProblems(root, contributes),
  ];
}

/** Every command stands in a menu: whether it is in the palette, too, is a decision, not what happens by itself. */
function menuProblems(root: string, contributes: Contributions): string[] {
  const { commandPalette = [], ...menus } = contributes.menus ?? {};
  const elsewhere = new Set([...referencedCommands({ ...contributes, commands: [], menus }), ...rowCommands(root)]);
  const inPalette = new Set(commandPalette.map(({ command }) => command));
  const hidden = hiddenCommands(contributes);
  return (contributes.commands ?? []).flatMap(({ command }) => {
    if (elsewhere.has(command)) return [];
    if (hidden.has(command)) return [`${command} is hidden in the palette and stands in no other menu of package.json`];
    return inPalette.has(command) ? [] : [`${command} stands in no menu of package.json, not in commandPalette either`];
  });
}

/** In the palette nothing else tells two commands apart. */
function titleProblems(root: string, contributes: Contributions): string[] {
  const hidden = hiddenCommands(contributes);
  return languages.flatMap((file) => {
    const texts = readTexts(root, file);
    const owners = new Map<string, string>();
    return (contributes.commands ?? []).flatMap(({ command, title = '', category = '' }) => {
      if (hidden.has(command)) return [];
      const shown = `${category}: ${title.replace(/^%(.+)%$/, (_, key: string) => texts.get(key) ?? key)}`;
      const owner = owners.get(shown);
      owners.set(shown, command);
      return owner === undefined ? [] : [`${file}: ${owner} and ${command} are both "${shown}" in the palette`];
    });
  });
}

function hiddenCommands({ menus }: Contributions): Set<string> {
  return new Set(menus?.['commandPalette']?.filter(({ when }) => when === 'false').map(({ command }) => command));
}

/** Commands that rows of the trees run when they are clicked: `commandLink('id', …)`. */
function rowCommands(root: string): string[] {
  const found: string[] = [];
  for (const file of sourceFiles(root).filter((name) => name.startsWith('src/vscode/'))) {
    walk(parseSource(root, file), (node) => {
      if (!ts.isCallExpression(node) || node.expression.getText() !== 'commandLink') return;
      const [id] = node.arguments;
      if (id !== undefined && ts.isStringLiteral(id)) found.push(id.text);
    });
  }
  return found;
}

/** The property names of the interface `CommandArguments`. */
function registeredCommands(root: string): Set<string> {
  const ids = new Set<string>();
  for (const file of sourceFiles(root).filter((name) => name.startsWith('src/vscode/'))) {
    walk(parseSource(root, file), (node) => {
      if (!ts.isInterfaceDeclaration(node) || node.name.text !== 'CommandArguments') return;
      for (const member of node.members) {
        if (member.name !== undefined && ts.isStringLiteral(member.name)) ids.add(member.name.text);
      }
    });
  }
  return ids;
}

/** Commands that menus, key bindings and links in texts name. */
function referencedCommands(contributes: Contributions): string[] {
  const found: string[] = [];
  const visit = (json: unknown): void => {
    if (typeof json !== 'object' || json === null) return;
    for (const [key, value] of Object.entries(json)) {
      if (key === 'command' && typeof value === 'string') found.push(value);
      else visit(value);
    }
  };
  visit(contributes);
  for (const text of stringsIn(contributes)) {
    for (const link of text.matchAll(/\(command:([\w.]+)/g)) found.push(link[1] ?? '');
  }
  return [...new Set(found)].filter((id) => id.startsWith(prefix));
}
