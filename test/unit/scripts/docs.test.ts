import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { docsProblems } from '../../../scripts/checks/docs.ts';

describe('documentation check', () => {
  let root = '';
  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), 'docs-'));
    write('src/base/errors.ts', '');
    write('scripts/run.mjs', '');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function write(file: string, content: string): void {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  }

  it('source files may be named by their path, the end of it, or a relative path', () => {
    write('README.md', '`src/base/errors.ts`, `base/errors.ts`, `errors.ts`, run.mjs');
    write('test/server/README.md', "```ts\nimport '../../scripts/run.mjs';\n```\n");
    assert.deepEqual(docsProblems(root), []);
  });

  it('missing source files are reported, each once per line', () => {
    write('README.md', 'one\n`gone.ts` is gone.ts, `base/gone/errors.ts`, `rors.ts`\n');
    assert.deepEqual(docsProblems(root), [
      'README.md:2 names gone.ts, which does not exist',
      'README.md:2 names base/gone/errors.ts, which does not exist',
      'README.md:2 names rors.ts, which does not exist',
    ]);
  });

  it('missing folders below the root are reported', () => {
    write('docs/views.md', '`src/base`, `src/base/`, `src/gone`, `dist/extension.cjs`, `gone/base`');
    assert.deepEqual(docsProblems(root), ['docs/views.md:1 names src/gone, which does not exist']);
  });

  it('relative links are resolved from their page, and other links are ignored', () => {
    write('README.md', '[a](docs/a.md#part) [b](#part) [c](https://example.com/gone.md) ![d](docs/gone.png)');
    write('docs/a.md', '[up](../README.md) [wrong](docs/a.md)');
    assert.deepEqual(docsProblems(root), [
      'README.md:1 names docs/gone.png, which does not exist',
      'docs/a.md:1 names docs/a.md, which does not exist',
    ]);
  });

  it('ARCHITECTURE.md is limited to 7,000 bytes, and no other page is', () => {
    write('ARCHITECTURE.md', '文'.repeat(2333) + 'x');
    write('README.md', 'x'.repeat(7001));
    assert.deepEqual(docsProblems(root), []);
    write('ARCHITECTURE.md', '文'.repeat(2334));
    assert.deepEqual(docsProblems(root), ['ARCHITECTURE.md has 7002 bytes, more than 7000: move details to docs/']);
  });
});
