import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { say } from '../install.mjs';
import { errorCodesIn } from './errorCodes.ts';
import { parseText } from './project.ts';

const changelog = 'CHANGELOG.md';

interface Manifest {
  readonly contributes?: {
    readonly commands?: readonly { readonly command: string }[];
    readonly configuration?: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
  };
}

/** Where names stand that users meet, and how they are read from such a file. */
const sources: readonly { readonly file: string; readonly names: (text: string) => readonly string[] }[] = [
  {
    file: 'package.json',
    names: (text) => {
      const { contributes } = JSON.parse(text) as Manifest;
      return [
        ...(contributes?.commands ?? []).map(({ command }) => `the command ${command}`),
        ...(contributes?.configuration ?? []).flatMap(({ properties }) =>
          Object.keys(properties).map((key) => `the setting ${key}`),
        ),
      ];
    },
  },
  {
    file: 'src/base/errors.ts',
    names: (text) => errorCodesIn(parseText('errors.ts', text)).map((code) => `the error code ${code}`),
  },
];

/**
 * Commands, settings and error codes that came or went after the last change of the CHANGELOG, uncommitted changes
 * included. Nothing where git has no history to compare with: then one line says so.
 */
export function changelogProblems(root: string): string[] {
  const env = ownEnvironment();
  const git = (...args: readonly string[]): string =>
    execFileSync('git', args, { cwd: root, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  let last: string;
  try {
    last = git('log', '-1', '--format=%h', '--', changelog).trim();
    if (last === '' || git('status', '--porcelain', '--', changelog) !== '') return [];
  } catch {
    say(`No git history here: whether ${changelog} is up to date is not checked`);
    return [];
  }
  return sources.flatMap(({ file, names }) => {
    const then = textAt(git, last, file);
    if (then === undefined) return [];
    const [before, now] = [names(then), names(readFileSync(path.join(root, file), 'utf8'))];
    return [
      ...now.filter((name) => !before.includes(name)).map((name) => `${name} is new`),
      ...before.filter((name) => !now.includes(name)).map((name) => `${name} is gone`),
    ].map((change) => `${change}, but ${changelog} has not changed since ${last}: add a line`);
  });
}

/** Without `GIT_DIR` and the like: in a git hook they name the repository of the hook, whatever the folder. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
}

/** A file as of a commit; undefined where it was not there. */
function textAt(git: (...args: readonly string[]) => string, commit: string, file: string): string | undefined {
  try {
    return git('show', `${commit}:./${file}`);
  } catch {
    return undefined;
  }
}
