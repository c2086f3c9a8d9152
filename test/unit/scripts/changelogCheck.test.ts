import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { changelogProblems, ownEnvironment } from '../../../scripts/checks/changelog.ts';
import { useScratchProject } from './support/scratchProject.ts';

describe('changelog check', () => {
  const project = useScratchProject();

  function git(...args: readonly string[]): void {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid', '-c', 'commit.gpgsign=false'];
    execFileSync('git', [...identity, ...args], { cwd: project.root, env: ownEnvironment(), stdio: 'pipe' });
  }
  function commit(): void {
    git('add', '--all');
    git('commit', '--quiet', '--message', 'A commit');
  }
  function write(commands: readonly string[], settings: readonly string[], codes: readonly string[]): void {
    project.write('package.json', {
      contributes: {
        commands: commands.map((command) => ({ command })),
        configuration: [{ properties: Object.fromEntries(settings.map((key) => [key, {}])) }],
      },
    });
    project.write('src/base/errors.ts', `export const errorCodes = ${JSON.stringify(codes)} as const;`);
  }
  /** The problems without the commit that they name. */
  const problems = (): readonly string[] =>
    changelogProblems(project.root).map((problem) => problem.replace(/since [0-9a-f]{7,}/, 'since COMMIT'));

  function start(): void {
    git('init', '--quiet');
    write(['a'], ['s'], ['e']);
    project.write('CHANGELOG.md', '- A.\n');
    commit();
  }

  it('commands, settings and error codes added or removed since the last changelog edit are reported', () => {
    start();
    write(['a', 'b'], ['s'], ['e', 'f']);
    commit();
    write(['a', 'b'], ['t'], ['e', 'f']);
    const rest = 'but CHANGELOG.md has not changed since COMMIT: add a line';
    assert.deepEqual(problems(), [
      `the command b is new, ${rest}`,
      `the setting t is new, ${rest}`,
      `the setting s is gone, ${rest}`,
      `the error code f is new, ${rest}`,
    ]);
  });

  it('a change with a changelog line is accepted: same commit, later commit or not yet committed', () => {
    start();
    write(['a', 'b'], ['s'], ['e']);
    project.write('CHANGELOG.md', '- A.\n- B.\n');
    assert.deepEqual(problems(), []);
    commit();
    assert.deepEqual(problems(), []);
    write(['a', 'b', 'c'], ['s'], ['e']);
    commit();
    project.write('CHANGELOG.md', '- A.\n- B.\n- C.\n');
    commit();
    assert.deepEqual(problems(), []);
  });

  it('other changes need no changelog line', () => {
    start();
    project.write('src/other.ts', 'export const other = 1;');
    commit();
    assert.deepEqual(problems(), []);
  });

  it('a folder without a repository or without a commit is accepted', () => {
    write(['a'], ['s'], ['e']);
    project.write('CHANGELOG.md', '- A.\n');
    assert.deepEqual(problems(), []);
    git('init', '--quiet');
    assert.deepEqual(problems(), []);
  });
}).timeout(20_000);
