import assert from 'node:assert/strict';
import { batchLabel, batchItems } from '../../../../src/vscode/start/localLayout.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import type { Selection } from '../../../../src/vscode/start/selection.ts';

const bucket = (name: string) => ({ profile: 'p', bucket: name });

/** Paths such as `b-1/f/` and `b-1/o`. */
function targets(...paths: readonly string[]): Selection {
  const split = paths.map((path) => ({ bucket: path.split('/')[0] ?? '', key: path.slice(path.indexOf('/') + 1) }));
  const isFolder = ({ key }: { key: string }): boolean => key === '' || key.endsWith('/');
  return {
    folders: split.filter(isFolder).map((each) => ({ bucket: bucket(each.bucket), prefix: each.key })),
    objects: split
      .filter((each) => !isFolder(each))
      .map((each) => ({ ref: { ...bucket(each.bucket), key: each.key } })),
  };
}

const into = (...paths: readonly string[]): readonly string[] =>
  batchItems(targets(...paths)).map((source) => source.into.join(' > '));

describe('local layout of a batch', () => {
  it('a folder is downloaded under its own name, and a bucket under the name of the bucket', () => {
    assert.deepEqual(into('b-1/a/f/'), ['f']);
    assert.deepEqual(into('b-1/'), ['b-1']);
    assert.deepEqual(into('b-1/a/f/', 'b-1/x/o.txt'), ['f', 'o.txt']);
  });

  it('two folders of one name get as much of their path in front as needed, on every system', () => {
    assert.deepEqual(into('b-1/r/a/f/', 'b-1/r/b/f/'), ['a > f', 'b > f']);
    assert.deepEqual(into('b-1/a/f/', 'b-1/a/F'), ['f', 'F']);
    assert.deepEqual(into('b-1/f/', 'b-2/f/'), ['b-1 > f', 'b-2 > f']);
    assert.deepEqual(into('b-1/', 'b-2/b-1/'), ['b-1', 'b-2 > b-1']);
  });

  it('an empty segment of a prefix is kept', () => {
    assert.deepEqual(batchItems(targets('b-1/a//'))[0]?.into, ['']);
  });

  it('a batch is named after its folder, or the number of selected items', () => {
    const label = (...paths: readonly string[]): string => batchLabel(targets(...paths), plainL10n);
    assert.equal(label('b-1/a/f/'), 'oss://b-1/a/f/');
    assert.equal(label('b-1/a/f/', 'b-1/o'), '2 selected items');
    assert.equal(label('b-1/o', 'b-1/p'), '2 objects');
  });
});
