import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { isFocusedRow } from '../../../../src/vscode/list/focusedRow.ts';
import { download, running } from '../support/snapshots.ts';

describe('arguments that a view title menu passes to a command', () => {
  const one = download(running);
  const downloads = { find: (id: string) => (id === one.id ? one : undefined) };

  for (const given of [undefined, null, one.id, { kind: 'bucket', id: 'bucket' }]) {
    it(`an argument of a title menu is ignored: ${inspect(given)}`, () =>
      assert.equal(isFocusedRow(given, downloads), true));
  }

  for (const given of ['https://host/a', 'oss://bucket/key', '', 5, {}]) {
    it(`an argument of another caller is used: ${JSON.stringify(given)}`, () =>
      assert.equal(isFocusedRow(given, downloads), false));
  }
});
