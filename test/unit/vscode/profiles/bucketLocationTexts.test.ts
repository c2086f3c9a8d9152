import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import { locationName, problemWith, refusalSentence } from '../../../../src/vscode/profiles/bucketLocationTexts.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';

const denied = new AppError('auth/accessDenied', 'x', { details: { subject: 'oss://b-1/' } });

describe('texts about a bucket or folder that is added by name', () => {
  it('a folder is named by its path, with hidden characters visible', () => {
    assert.equal(locationName({ bucket: 'b-1' }), 'b-1');
    assert.equal(locationName({ bucket: 'b-1', prefix: 'a\u202Eb/' }), 'oss://b-1/a\\u{202e}b/');
  });

  it('a text that names no bucket or folder is refused with the reason', () => {
    assert.deepEqual(
      ['b-1', 'b-12/a', 'oss://b-12/a/'].map((text) => problemWith(text, plainL10n)),
      [undefined, undefined, undefined],
    );
    for (const text of ['', 'B-1', 'oss://ab/c/', 'https://b-12.example/'])
      assert.match(problemWith(text, plainL10n) ?? '', /^A bucket name has/, text);
    for (const text of ['b-12//a/', `oss://b-12/${'a'.repeat(1024)}/`])
      assert.match(problemWith(text, plainL10n) ?? '', /^A folder is written oss:\/\/bucket\/folder\//, text);
  });

  it('only a refused bucket suggests a folder as the remedy', () => {
    assert.match(
      refusalSentence({ profile: 'p', bucket: 'b-1' }, denied, plainL10n),
      /is denied.*\n\nb-1 may not be listed as a whole\. Add the folder .* oss:\/\/b-1\/…\//,
    );
    assert.doesNotMatch(
      refusalSentence({ profile: 'p', bucket: 'b-1', prefix: 'a/' }, denied, plainL10n),
      /as a whole/,
    );
    assert.doesNotMatch(
      refusalSentence({ profile: 'p', bucket: 'b-1' }, new AppError('bucket/notFound', 'x'), plainL10n),
      /as a whole/,
    );
  });
});
