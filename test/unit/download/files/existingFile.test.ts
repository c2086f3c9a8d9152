import assert from 'node:assert/strict';
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileFacts, resolveExisting } from '../../../../src/download/files/existingFile.ts';
import { useTempFolder } from '../../../support/useTempFolder.ts';

const objectMs = Date.UTC(2026, 10, 22, 6);
const listed = { known: { sizeBytes: 3, etag: '"e"' }, modifiedMs: objectMs };

describe('a file that is already there', () => {
  const folder = useTempFolder();

  it('is overwritten, kept, or given a numbered neighbour, as the policy says', () => {
    const same = { sizeBytes: 3, modifiedMs: objectMs };
    assert.deepEqual(
      (['overwrite', 'skip', 'rename'] as const).map((policy) => resolveExisting(policy, same, listed)),
      ['overwrite', 'skip', 'rename'],
    );
  });

  it('is kept by overwriteIfChanged where it is as long as the object and not older, within two seconds', () => {
    const resolve = (sizeBytes: number, modifiedMs: number): string =>
      resolveExisting('overwriteIfChanged', { sizeBytes, modifiedMs }, listed);
    assert.deepEqual(
      [resolve(3, objectMs), resolve(3, objectMs - 1999), resolve(3, objectMs - 2000), resolve(4, objectMs)],
      ['skip', 'skip', 'overwrite', 'overwrite'],
    );
  });

  it('is overwritten by overwriteIfChanged where the file or the object is not known', () => {
    const file = { sizeBytes: 3, modifiedMs: objectMs };
    assert.deepEqual(
      [
        resolveExisting('overwriteIfChanged', undefined, listed),
        resolveExisting('overwriteIfChanged', file, {}),
        resolveExisting('overwriteIfChanged', file, { known: listed.known }),
      ],
      ['overwrite', 'overwrite', 'overwrite'],
    );
  });

  it('has length and time only where it is a regular file', async () => {
    const file = path.join(folder(), 'a');
    writeFileSync(file, 'abc');
    utimesSync(file, objectMs / 1000, objectMs / 1000);
    mkdirSync(path.join(folder(), 'b'));
    assert.deepEqual(
      [await fileFacts(file), await fileFacts(path.join(folder(), 'b')), await fileFacts(path.join(folder(), 'c'))],
      [{ sizeBytes: 3, modifiedMs: objectMs }, undefined, undefined],
    );
  });
});
