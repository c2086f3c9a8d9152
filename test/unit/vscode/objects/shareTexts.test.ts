import assert from 'node:assert/strict';
import { longestLifetimeMs } from '../../../../src/oss/objectActions.ts';
import { earliestExpiry, lifetimes, signedText } from '../../../../src/vscode/objects/objectTexts.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';

const context = { l10n: plainL10n, language: 'en' };

describe('texts about signed URLs', () => {
  it('every offered lifetime is accepted by OSS', () => {
    for (const { ms } of lifetimes(plainL10n)) assert(ms > 0 && ms <= longestLifetimeMs);
  });

  it('the text names the expiry of the first URL and that it is a secret', () => {
    const expiry = earliestExpiry([
      { url: 'a', expiresAtMs: 2000 },
      { url: 'b', expiresAtMs: 1000 },
    ]);
    assert.equal(expiry, 1000);
    assert.match(signedText('oss://b/k', expiry, context), /valid until January 1, 1970.*secret/);
  });

  it('the text says that an anonymous profile signs no URL', () => {
    const expiry = earliestExpiry([{ url: 'a', expiresAtMs: Number.MAX_SAFE_INTEGER }]);
    assert.match(signedText('oss://b/k', expiry, context), /without a signature/);
  });
});
