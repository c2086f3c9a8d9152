import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import { placeName, problemWith, refusalSentence } from '../../../../src/vscode/profiles/bucketPlaceTexts.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';

const denied = new AppError('auth/accessDenied', 'x', { details: { subject: 'oss://b-1/' } });

describe('what is said of a bucket or folder that is added by name', () => {
  it('names a folder by its path, and shows what that hides', () => {
    assert.equal(placeName({ bucket: 'b-1' }), 'b-1');
    assert.equal(placeName({ bucket: 'b-1', prefix: 'a\u202Eb/' }), 'oss://b-1/a\\u{202e}b/');
  });

  it('says what is wrong with a text that names none', () => {
    assert.deepEqual(
      ['b-1', 'b-12/a', 'oss://b-12/a/'].map((text) => problemWith(text, plainL10n)),
      [undefined, undefined, undefined],
    );
    for (const text of ['', 'B-1', 'oss://ab/c/', 'https://b-12.example/'])
      assert.match(problemWith(text, plainL10n) ?? '', /^A bucket name has/, text);
    for (const text of ['b-12//a/', `oss://b-12/${'a'.repeat(1024)}/`])
      assert.match(problemWith(text, plainL10n) ?? '', /^A folder is written oss:\/\/bucket\/folder\//, text);
  });

  it('names the folder as the remedy where a bucket is refused, and only there', () => {
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
