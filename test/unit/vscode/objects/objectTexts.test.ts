import assert from 'node:assert/strict';
import type { ObjectMeta } from '../../../../src/oss/model.ts';
import { objectFacts, versionRow } from '../../../../src/vscode/objects/objectTexts.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';

const context = { l10n: plainL10n, language: 'en' };
const meta: ObjectMeta = {
  ref: { profile: 'p', bucket: 'b', key: 'a\u202Eb', versionId: 'v1' },
  sizeBytes: 1_234_567,
  etag: '"e"',
  lastModifiedMs: Date.UTC(2026, 0, 2, 3, 4, 5),
  storageClass: 'Archive',
  crc64: '42',
  contentType: 'text/plain',
  restore: { kind: 'restored', expiresMs: Date.UTC(2026, 0, 3) },
  headers: [['x-oss-meta-author', 'me']],
};
const facts = (changed: Partial<ObjectMeta> = {}): ReadonlyMap<string, readonly [string, string]> =>
  new Map(
    objectFacts({ ...meta, ...changed }, 'https://host/a', context).map(({ name, shown, copied }) => [
      name,
      [shown, copied],
    ]),
  );

describe('object properties', () => {
  it('properties are shown for people and copied for programs', () => {
    assert.deepEqual(facts().get('Size'), ['1.2 MB (1,234,567 bytes)', '1234567']);
    assert.equal(facts().get('Last modified')?.[1], '2026-01-02T03:04:05.000Z');
    assert.deepEqual(facts().get('Path'), ['oss://b/a\\u{202e}b', 'oss://b/a\u202Eb']);
    assert.deepEqual(facts().get('x-oss-meta-author'), ['me', 'me']);
    assert.equal(facts().get('Version')?.[0], 'v1');
  });

  it('the progress of a restore is shown', () => {
    assert.match(facts().get('Restore')?.[0] ?? '', /^can be read until January/);
    assert.equal(facts({ restore: { kind: 'ongoing' } }).get('Restore')?.[0], 'under way');
  });

  it('a missing date is left out', () => {
    assert.equal(facts({ lastModifiedMs: Number.NaN }).has('Last modified'), false);
  });
});

describe('object versions', () => {
  it('a version shows its date, size and id', () => {
    const row = versionRow({ kind: 'version', object: meta, isLatest: true }, context);
    assert.deepEqual([row.description, row.detail], ['1.2 MB, current version', 'v1 · Archive']);
    assert.equal(
      versionRow({ kind: 'deleteMarker', versionId: 'v2', lastModifiedMs: 0 }, context).description,
      'deleted',
    );
  });
});
