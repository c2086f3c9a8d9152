import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from 'esbuild';
import { projectFolder } from '../install.mjs';

const typings = path.join(projectFolder, 'node_modules/@types/vscode/index.d.ts');

/**
 * Asks for the API of VS Code once in a bundle, and takes from it what is used. For each file that says
 * `import * as vscode` esbuild would else ask again and copy the whole API, hundreds of members: more than half of what
 * loading the extension cost. The names of its members are those of its typings.
 */
export const vscodeOnce: Plugin = {
  name: 'vscode once',
  setup: (build) => {
    build.onResolve({ filter: /^vscode$/ }, ({ path: name, namespace }) =>
      namespace === 'vscode' ? { path: name, external: true } : { path: name, namespace: 'vscode' },
    );
    build.onLoad({ filter: /^/, namespace: 'vscode' }, () => ({
      contents: `export { ${apiNames().join(', ')} } from 'vscode';`,
    }));
  },
};

function apiNames(): readonly string[] {
  return [
    ...new Set(
      [
        ...readFileSync(typings, 'utf8').matchAll(
          /^\texport (?:abstract )?(?:class|enum|namespace|const|function) (\w+)/gmu,
        ),
      ].map(([, name = '']) => name),
    ),
  ];
}
