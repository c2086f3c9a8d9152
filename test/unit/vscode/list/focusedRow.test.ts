import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { isFocusedRow } from '../../../../src/vscode/list/focusedRow.ts';
import { download, running } from '../support/snapshots.ts';

describe('what the menu of a title passes to a command', () => {
  const one = download(running);
  const downloads = { find: (id: string) => (id === one.id ? one : undefined) };

  for (const given of [undefined, null, one.id, { kind: 'bucket', id: 'bucket' }]) {
    it(`is no argument of its own: ${inspect(given)}`, () => assert.equal(isFocusedRow(given, downloads), true));
  }

  for (const given of ['https://host/a', 'oss://bucket/key', '', 5, {}]) {
    it(`is one where another caller passes ${JSON.stringify(given)}`, () =>
      assert.equal(isFocusedRow(given, downloads), false));
  }
});
