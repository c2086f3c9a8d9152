import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { relativePaths } from '../../../../src/vscode/start/localLayout.ts';

const keys = (...list: readonly string[]) => list.map((key) => ({ bucket: 'b-1', key }));
const posix = (paths: readonly string[]): string[] => paths.map((each) => each.split(path.sep).join('/'));

describe('relativePaths', () => {
  it('different file names are used as they are', () => {
    assert.deepEqual(relativePaths(keys('a/x.txt', 'b/c/y.txt')), ['x.txt', 'y.txt']);
  });

  it('equal file names get as many folders in front as needed', () => {
    assert.deepEqual(posix(relativePaths(keys('logs/a/x.txt', 'logs/b/x.txt', 'logs/c.txt'))), [
      'a/x.txt',
      'b/x.txt',
      'c.txt',
    ]);
  });

  it('names that differ only in case are kept apart', () => {
    assert.deepEqual(posix(relativePaths(keys('a/x.txt', 'b/X.TXT'))), ['a/x.txt', 'b/X.TXT']);
  });

  it('equal keys of two buckets are kept apart by the bucket', () => {
    assert.deepEqual(
      posix(
        relativePaths([
          { bucket: 'b-1', key: 'x' },
          { bucket: 'b-2', key: 'x' },
        ]),
      ),
      ['b-1/x', 'b-2/x'],
    );
  });

  it('targets stay inside the destination and never share a path, for any keys', () => {
    const key = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('../../x', 'a/../../x', '..', 'a\\..\\x', '/x', 'a//', 'CON', 'x'),
    );
    fc.assert(
      fc.property(fc.uniqueArray(key, { minLength: 1, maxLength: 5 }), (list) => {
        const paths = relativePaths(keys(...list));
        assert.equal(new Set(paths).size, list.length);
        for (const each of paths) {
          assert(path.resolve('/dest', each).startsWith(path.resolve('/dest') + path.sep), each);
        }
      }),
    );
  });
});
