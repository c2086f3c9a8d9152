import assert from 'node:assert/strict';
import { AppError, errorCodes } from '../../../../src/base/errors.ts';
import type { ErrorCode } from '../../../../src/base/errors.ts';
import { errorSentence, objectSentence, supportFacts } from '../../../../src/vscode/errors/errorTexts.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';

describe('errorSentence', () => {
  for (const code of errorCodes) {
    it(`${code} has one complete sentence, with and without a subject`, () => {
      for (const details of [{}, { subject: 'oss://b-1/a.txt' }]) {
        const sentence = errorSentence(new AppError(code, 'english', { details }), plainL10n);
        assert.match(sentence, /^\S.{10,}/);
        assert.doesNotMatch(sentence, /\{\d\}|undefined/);
      }
    });
  }

  it('a missing bucket is named without the key', () => {
    const error = new AppError('bucket/notFound', 'x', { details: { subject: 'oss://nowhere/a/b.txt' } });
    assert.equal(errorSentence(error, plainL10n), 'There is no bucket nowhere. Check its name.');
  });

  it('a network error names the host, not the whole URL', () => {
    const error = new AppError('network/nameNotResolved', 'x', {
      details: { subject: 'https://b.oss-cn-nowhere.aliyuncs.com/a/b.txt' },
    });
    assert.match(errorSentence(error, plainL10n), /^The name of b\.oss-cn-nowhere\.aliyuncs\.com cannot/);
  });

  it('a wrong endpoint error names the endpoint that the server asks for', () => {
    const error = new AppError('endpoint/wrongEndpoint', 'x', {
      details: { subject: 'oss://b-1/', endpoint: 'oss-cn-beijing.aliyuncs.com' },
    });
    assert.match(errorSentence(error, plainL10n), /oss-cn-beijing\.aliyuncs\.com/);
  });
});

describe('objectSentence', () => {
  const url = 'https://b-1.oss-cn-hangzhou.aliyuncs.com/a.txt';
  const sentence = (code: ErrorCode, subject: string): string =>
    objectSentence({ code, details: { subject } }, 'oss://b-1/a.txt', plainL10n);

  it('an error about a URL names the object as the user knows it', () => {
    for (const code of ['auth/accessDenied', 'auth/urlExpired', 'endpoint/wrongRegion', 'object/notFound'] as const) {
      assert.match(sentence(code, url), /oss:\/\/b-1\/a\.txt/);
      assert.doesNotMatch(sentence(code, url), /https/);
    }
    assert.match(sentence('bucket/notFound', url), /no bucket b-1\./);
  });

  it('an error about a host, a file, a profile or a credential source keeps that subject', () => {
    assert.match(sentence('network/unreachable', url), /^b-1\.oss-cn-hangzhou\.aliyuncs\.com cannot be reached/);
    assert.match(sentence('disk/full', '/data/a.txt'), /\/data\/a\.txt/);
    assert.match(sentence('auth/missingCredentials', 'work'), /^No AccessKey is stored for work\./);
    assert.match(sentence('auth/sourceFailed', '/home/u/.ossutilconfig'), /\/home\/u\/\.ossutilconfig/);
  });
});

describe('supportFacts', () => {
  it('an error that is not from OSS has no facts for support', () => {
    assert.equal(supportFacts(new AppError('disk/full', 'x')), '');
  });
});
