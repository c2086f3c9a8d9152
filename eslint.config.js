import tseslint from 'typescript-eslint';

const seeArchitecture = '(ARCHITECTURE.md, layers and rooms)';

/** Modules that only `src/oss` may import: everything that reaches the network. */
const networkModules = withNodePrefix('http', 'https', 'http2', 'net', 'tls', 'dns', 'dns/promises');
const networkBan = ban(['undici', 'ali-oss', ...networkModules], 'Only src/oss talks to the network');
/** Modules that only `src/download` may import: everything that reaches the disk. */
const diskBan = ban(withNodePrefix('fs', 'fs/promises'), 'Only src/download touches the disk');
const vscodeBan = ban(['vscode'], 'Only src/vscode and src/extension.ts may import vscode');
const programBan = ban(withNodePrefix('child_process'), 'Only src/oss/credentials/externalProcess.ts runs programs');

/** Layers from the ground up. A layer imports only layers that stand before it. */
const layers = [
  { name: 'base', bans: [...vscodeBan, ...networkBan, ...diskBan, ...programBan] },
  { name: 'oss', bans: [...vscodeBan, ...diskBan, ...programBan] },
  { name: 'download', bans: [...vscodeBan, ...networkBan, ...programBan] },
  { name: 'vscode', bans: [...networkBan, ...diskBan, ...programBan] },
];

/**
 * Rooms of each layer, floor by floor from the ground up. A room imports its own files and those of the floors below;
 * '' stands for the files directly in the layer's folder.
 */
const floors = {
  base: [['']],
  oss: [[''], ['http'], ['credentials'], ['diagnosis'], ['api']],
  download: [[''], ['files'], ['windows'], ['checkpoint'], ['transfer'], ['queue'], ['batch'], ['worker']],
  vscode: [[''], ['settings', 'ui'], ['errors'], ['profiles', 'list'], ['browse'], ['start'], ['objects'], ['bundles']],
};

/** Rooms of a lower layer that an upper layer reaches only through ports. */
const hiddenRooms = { download: ['oss/http', 'oss/credentials', 'oss/api', 'oss/diagnosis'], vscode: ['oss/api'] };

/** Files that reach further than their room, and do nothing else. */
const exceptions = [
  { files: ['src/oss/http/caFile.ts'], bans: [...vscodeBan, ...networkBan, ...programBan], layer: 'oss', room: 'http' },
  {
    files: ['src/oss/credentials/userFiles.ts'],
    bans: [...vscodeBan, ...networkBan, ...programBan],
    layer: 'oss',
    room: 'credentials',
  },
  {
    files: ['src/oss/credentials/externalProcess.ts'],
    bans: [...vscodeBan, ...networkBan, ...diskBan],
    layer: 'oss',
    room: 'credentials',
  },
  {
    files: ['src/download/worker/workerMain.ts'],
    bans: [...vscodeBan, ...networkBan, ...programBan],
    layer: 'download',
    room: 'worker',
    mayReach: ['oss/http'],
  },
];

function withNodePrefix(...names) {
  return names.flatMap((name) => [name, `node:${name}`]);
}

function ban(names, message) {
  return names.map((name) => ({ name, message: `${message} ${seeArchitecture}.` }));
}

/** The rule for some files of a room: modules by name, and paths into layers and rooms above it. */
function roomRule({ files, bans, layer, room, mayReach = [] }) {
  const upperLayers = layers.slice(layers.findIndex(({ name }) => name === layer) + 1).map(({ name }) => name);
  const floor = floors[layer].findIndex((rooms) => rooms.includes(room));
  const otherRooms = floors[layer].flatMap((rooms, index) =>
    index > floor || (index === floor && room !== '') ? rooms.filter((name) => name !== room && name !== '') : [],
  );
  const hidden = (hiddenRooms[layer] ?? []).filter((name) => !mayReach.includes(name));
  const closed = [...upperLayers, ...otherRooms, ...hidden];
  const regex = `(?:^|/)(?:(?:${closed.join('|')})/|extension\\.ts$)`;
  const patterns = [
    {
      regex: closed.length === 0 ? '(?:^|/)extension\\.ts$' : regex,
      message: `Imports point one way ${seeArchitecture}.`,
    },
  ];
  return { files, rules: { '@typescript-eslint/no-restricted-imports': ['error', { paths: bans, patterns }] } };
}

const roomRules = layers.flatMap(({ name: layer, bans }) =>
  floors[layer].flat().map((room) => {
    const files = [room === '' ? `src/${layer}/*.ts` : `src/${layer}/${room}/**/*.ts`];
    return roomRule({ files, bans, layer, room });
  }),
);

const restrictedSyntax = [
  { selector: 'ImportSpecifier[importKind="type"]', message: 'Types are imported by an `import type` of their own.' },
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'TSEnumDeclaration', message: 'Unions instead of enums.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that defines it.' },
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.vscode-test/**', 'test-results/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] })),
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      'no-console': 'error',
      eqeqeq: 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/only-throw-error': [
        'error',
        { allowThrowingUnknown: true, allow: [{ from: 'lib', name: 'Error' }] },
      ],
      'no-restricted-syntax': ['error', ...restrictedSyntax],
    },
  },
  ...roomRules,
  ...exceptions.map(roomRule),
  {
    files: ['src/extension.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { paths: [...networkBan, ...diskBan, ...programBan] }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...restrictedSyntax,
        // A static import is what the layer rules see.
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
