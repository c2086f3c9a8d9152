import assert from 'node:assert/strict';
import { isSecret, readUrl, urlFileName, urlProblem } from '../../../../src/vscode/start/urlInput.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';

describe('URL to download from', () => {
  it('a URL is used as typed, without surrounding spaces', () => {
    const url = 'https://bucket.oss-cn-hangzhou.aliyuncs.com/a/../b%2fc.txt?Expires=1&Signature=x%3D';
    assert.equal(readUrl(`  ${url}\n`), url);
    assert.equal(urlProblem(url, plainL10n), undefined);
  });

  for (const nonsense of [
    'hello',
    'ftp://host/file',
    'oss://bucket/key',
    'file:///etc/passwd',
    'https://',
    'https:///a',
    'https://user:secret@host/a',
    'https://host/a\nhttps://host/b?Signature=secret',
  ]) {
    it(`a text is refused as a URL with the reason: ${JSON.stringify(nonsense)}`, () => {
      const problem = urlProblem(nonsense, plainL10n);
      assert.match(problem ?? '', /Nothing can be downloaded from this address/);
      assert(!problem?.includes('secret'));
    });
  }

  it('a URL with a query is a secret', () => {
    assert.deepEqual(['https://h/a?Signature=x', 'https://h/a', 'https://h/a#b?c'].map(isSecret), [true, false, false]);
  });

  for (const [url, name] of [
    ['https://host/folder/report.csv?Signature=a/b', 'report.csv'],
    ['https://host/%E6%8A%A5%E5%91%8A.pdf', '报告.pdf'],
    ['https://host/报告.pdf', '报告.pdf'],
    ['https://host/folder/', 'folder'],
    ['https://host', 'download'],
    ['https://host/?a=b', 'download'],
    ['https://host/100%', '100%'],
    ['https://host/a%2Fb.txt', 'b.txt'],
    ['https://host/..%2F..%2Fetc%2Fpasswd', 'passwd'],
    ['https://host/%2E%2E', '%2E%2E'],
    ['https://host/%2F', 'download'],
    ['https://host/CON', '%43ON'],
  ] as const) {
    it(`the file name is derived from the URL ${url}`, () => assert.equal(urlFileName(url), name));
  }
});
