import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { parseSource, readJson, walk } from './project.ts';

const code = 'src/vscode/settings/settingValues.ts';
const prefix = 'ossDownloader.';

interface Property {
  readonly scope?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
}

interface Manifest {
  readonly contributes?: {
    readonly configuration?: readonly { readonly properties: Readonly<Record<string, Property>> }[];
  };
}

/**
 * A setting is the same in three places: `SettingValues` reads it, package.json offers it with a scope and a
 * description, a row of the README explains it.
 */
export function settingProblems(root: string): string[] {
  const { contributes } = readJson(root, 'package.json') as Manifest;
  const properties = (contributes?.configuration ?? []).flatMap((section) => Object.entries(section.properties));
  const places: readonly (readonly [string, readonly string[]])[] = [
    [`SettingValues (${code})`, keysRead(root)],
    ['contributes.configuration of package.json', properties.map(([key]) => key.replace(prefix, ''))],
    ["README.md's table of settings", keysExplained(root)],
  ];
  const keys = [...new Set(places.flatMap(([, found]) => found))];
  return [
    ...keys.flatMap((key) =>
      places.flatMap(([place, found]) => (found.includes(key) ? [] : [`the setting ${key} is missing in ${place}`])),
    ),
    ...properties.flatMap(([key, { scope, description, markdownDescription }]) => [
      ...(scope === undefined ? [`package.json says no scope for ${key}: a workspace could set it`] : []),
      ...((description ?? markdownDescription) === undefined ? [`package.json has no description of ${key}`] : []),
    ]),
  ];
}

/** The property names of the interface `SettingValues`. */
function keysRead(root: string): string[] {
  const keys: string[] = [];
  walk(parseSource(root, code), (node) => {
    if (!ts.isInterfaceDeclaration(node) || node.name.text !== 'SettingValues') return;
    for (const { name } of node.members) {
      if (name !== undefined && (ts.isIdentifier(name) || ts.isStringLiteral(name))) keys.push(name.text);
    }
  });
  return keys;
}

/** The first cells of the table below the heading "Settings". */
function keysExplained(root: string): string[] {
  const sections = readFileSync(path.join(root, 'README.md'), 'utf8').split(/^## /m);
  const section = sections.find((text) => text.startsWith('Settings\n')) ?? '';
  return [...section.matchAll(/^\| `([\w.]+)` \|/gm)].flatMap(([, key]) => key ?? []);
}
