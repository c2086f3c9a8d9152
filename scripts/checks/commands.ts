import ts from 'typescript';
import { parseSource, readJson, sourceFiles, stringsIn, walk } from './project.ts';

interface Manifest {
  readonly contributes?: { readonly commands?: readonly { readonly command: string }[] };
}

const prefix = 'ossDownloader.';

/**
 * The commands of package.json and those of the typed table `CommandArguments` must be the same: one without a handler
 * fails when it is clicked, one without a contribution cannot be found. Menus, keys and welcome texts may name no
 * other.
 */
export function commandProblems(root: string): string[] {
  const manifest = readJson(root, 'package.json') as Manifest;
  const contributed = new Set(manifest.contributes?.commands?.map(({ command }) => command));
  const registered = registeredCommands(root);
  return [
    ...[...contributed]
      .filter((id) => !registered.has(id))
      .map((id) => `package.json contributes ${id}, but CommandArguments in src/vscode has no such command`),
    ...[...registered]
      .filter((id) => !contributed.has(id))
      .map((id) => `src/vscode has the command ${id}, but package.json does not contribute it`),
    ...referencedCommands(manifest.contributes)
      .filter((id) => !contributed.has(id))
      .map((id) => `package.json refers to ${id}, which is no contributed command`),
  ];
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
function referencedCommands(contributes: Manifest['contributes']): string[] {
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
