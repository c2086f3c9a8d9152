import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../../scripts/install.mjs';

describe('SECURITY.md', () => {
  it('every line of SECURITY.md names an existing test', () => {
    const lines = readFileSync(path.join(projectFolder, 'SECURITY.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('|') && !/^\|(?:---| Try)/.test(line));
    assert(lines.length > 10);
    for (const line of lines) {
      const tests = [...(line.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(
        ([, name]) => `test/${name ?? ''}.test.ts`,
      );
      assert(tests.length > 0, line);
      assert.deepEqual(
        tests.filter((file) => !existsSync(path.join(projectFolder, file))),
        [],
        line,
      );
    }
  });
});
