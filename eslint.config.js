import tseslint from 'typescript-eslint';

/** Modules that only `src/oss` may import: everything that reaches the network. */
const network = [
  'undici',
  'ali-oss',
  'http',
  'https',
  'http2',
  'net',
  'tls',
  'dns',
  'node:http',
  'node:https',
  'node:http2',
  'node:net',
  'node:tls',
  'node:dns',
  'dns/promises',
  'node:dns/promises',
];
/** Modules that only `src/download` may import: everything that reaches the disk. */
const disk = ['fs', 'fs/promises', 'node:fs', 'node:fs/promises'];

const banned = (names, message) => names.map((name) => ({ name, message }));
const vscodeBan = banned(
  ['vscode'],
  'Only src/vscode and src/extension.ts may import vscode (ARCHITECTURE.md, layers).',
);
const networkBan = banned(network, 'Only src/oss talks to the network (ARCHITECTURE.md, layers).');
const programBan = banned(
  ['child_process', 'node:child_process'],
  'Only src/oss/credentials/externalProcess.ts runs programs (ARCHITECTURE.md, layers).',
);
const diskBan = banned(disk, 'Only src/download touches the disk (ARCHITECTURE.md, layers).');

/** One layer rule: what a folder may not import, by module name and by path. */
function layer(files, paths, patterns, ignores = []) {
  return {
    files,
    ignores,
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths,
          patterns: patterns.map((group) => ({
            group: [group],
            message: 'Imports point one way: base <- oss <- download <- vscode <- extension.ts (ARCHITECTURE.md).',
          })),
        },
      ],
    },
  };
}

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.vscode-test/**', 'test-results/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'max-lines': ['error', { max: 330, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/only-throw-error': [
        'error',
        { allowThrowingUnknown: true, allow: [{ from: 'lib', name: 'Error' }] },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'Unions instead of enums.' },
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that defines it.' },
      ],
    },
  },
  layer(
    ['src/base/**/*.ts'],
    [...vscodeBan, ...networkBan, ...diskBan, ...programBan],
    ['**/oss/**', '**/download/**', '**/vscode/**', '**/extension*'],
  ),
  layer(
    ['src/oss/**/*.ts'],
    [...vscodeBan, ...diskBan, ...programBan],
    ['**/download/**', '**/vscode/**', '**/extension*'],
    ['src/oss/caFile.ts', 'src/oss/credentials/userFiles.ts', 'src/oss/credentials/externalProcess.ts'],
  ),
  // The two ways to what other programs keep: each in a file of its own, which does nothing else.
  layer(
    ['src/oss/caFile.ts', 'src/oss/credentials/userFiles.ts'],
    [...vscodeBan, ...networkBan, ...programBan],
    ['**/download/**', '**/vscode/**', '**/extension*'],
  ),
  layer(
    ['src/oss/credentials/externalProcess.ts'],
    [...vscodeBan, ...networkBan, ...diskBan],
    ['**/download/**', '**/vscode/**', '**/extension*'],
  ),
  layer(
    ['src/download/**/*.ts'],
    [...vscodeBan, ...networkBan, ...programBan],
    ['**/vscode/**', '**/extension*', '**/oss/ali*', '**/oss/http*', '**/oss/dispatcher*', '**/oss/credentials/**'],
    ['src/download/worker/workerMain.ts'],
  ),
  layer(
    ['src/download/worker/workerMain.ts'],
    [...vscodeBan, ...networkBan, ...programBan],
    ['**/vscode/**', '**/extension*', '**/oss/ali*', '**/oss/credentials/**'],
  ),
  layer(['src/vscode/**/*.ts'], [...networkBan, ...diskBan, ...programBan], ['**/extension*']),
  layer(['src/extension.ts'], [...networkBan, ...diskBan, ...programBan], []),
  {
    files: ['src/**/*.ts'],
    rules: {
      // A static import is what the layer rules see; the one dynamic import (the ali-oss client, loaded when first needed) is marked where it stands.
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
        { selector: 'TSEnumDeclaration', message: 'Unions instead of enums.' },
        { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that defines it.' },
        { selector: 'ImportExpression', message: 'A dynamic import slips past the layer rules.' },
        {
          selector: 'VariableDeclarator[init.name="vscode"]',
          message:
            'Write vscode.member: taken apart, the whole API would have to be built (scripts/support/vscodeOnce.ts).',
        },
      ],
    },
  },
  {
    files: ['test/**/*.ts', 'scripts/**/*.ts'],
    rules: {
      'no-console': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
    },
  },
);
