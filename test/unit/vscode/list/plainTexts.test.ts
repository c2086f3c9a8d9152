import assert from 'node:assert/strict';
import { relativeDate } from '../../../../src/vscode/ui/localFormat.ts';
import { escapeMarkdown } from '../../../../src/vscode/ui/displayText.ts';
import { endpointOf } from '../../../../src/oss/endpoint.ts';
import { profileRules } from '../../../../src/vscode/profiles/profileRules.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import { reachChoices } from '../../../../src/vscode/profiles/regions.ts';

describe('relativeDate', () => {
  const nowMs = Date.UTC(2026, 5, 15);
  const cases: readonly (readonly [number, string])[] = [
    [0, 'now'],
    [59_000, 'now'],
    [61_000, '1 minute ago'],
    [3_600_000 * 5, '5 hours ago'],
    [86_400_000, 'yesterday'],
    [86_400_000 * 8, 'last week'],
    [86_400_000 * 400, 'last year'],
    [-86_400_000 * 3, 'in 3 days'],
  ];
  for (const [agoMs, expected] of cases) {
    it(`says "${expected}" for ${agoMs} ms`, () => assert.equal(relativeDate(nowMs - agoMs, nowMs, 'en'), expected));
  }

  it('speaks the language of the user', () => {
    assert.equal(relativeDate(nowMs - 86_400_000 * 3, nowMs, 'zh-cn'), '3天前');
  });
});

describe('escapeMarkdown', () => {
  it('leaves nothing that Markdown would act upon', () => {
    assert.equal(escapeMarkdown('a_b [x](y) <i>\n# `$(z)`'), 'a\\_b \\[x\\]\\(y\\) \\<i\\> \\# \\`\\$\\(z\\)\\`');
  });
});

describe('the rules for a profile', () => {
  const rules = profileRules(() => ['work'], plainL10n);

  it('want a name that can be seen and is not taken', () => {
    assert.equal(rules.nameProblem('home'), undefined);
    for (const bad of ['', 'work', 'a\u202Eb', 'x'.repeat(65)]) assert.notEqual(rules.nameProblem(bad), undefined);
  });

  it('want an endpoint that is a host', () => {
    for (const good of [
      'oss-cn-hangzhou.aliyuncs.com',
      'https://oss-cn-hangzhou-internal.aliyuncs.com',
      'http://127.0.0.1:9000',
    ])
      assert.equal(rules.endpointProblem(good), undefined);
    for (const bad of ['', 'not a host', 'ftp://x', 'https://bucket.oss-cn-hangzhou.aliyuncs.com', 'https://host/path'])
      assert.match(rules.endpointProblem(bad) ?? '', /Not an endpoint/);
  });

  it('know which endpoints tell their region', () => {
    assert.equal(rules.impliesRegion('oss-cn-hangzhou-internal.aliyuncs.com'), true);
    assert.equal(rules.impliesRegion('http://127.0.0.1:9000'), false);
    assert.equal(rules.impliesRegion('oss-accelerate.aliyuncs.com'), false);
  });

  it('know what crosses a network in the open', () => {
    for (const open of [
      'http://oss-cn-hangzhou.aliyuncs.com',
      'HTTP://files.example.com',
      'http://10.0.0.1:9000',
      'http://[fe80::1]',
    ])
      assert.equal(rules.isPlaintextHttp(open), true, open);
    for (const closed of [
      'oss-cn-hangzhou.aliyuncs.com',
      'https://files.example.com',
      'http://127.0.0.1:9000',
      'http://localhost',
      'http://[::1]:1',
    ])
      assert.equal(rules.isPlaintextHttp(closed), false, closed);
  });

  it('know where it must be asked how a request names its bucket', () => {
    assert.equal(rules.hasAmbiguousAddressing('files.example.com'), true);
    for (const clear of [
      'oss-cn-hangzhou.aliyuncs.com',
      'cn-hangzhou.oss.aliyuncs.com',
      'oss-accelerate.aliyuncs.com',
      'http://127.0.0.1:9000',
      '10.0.0.1',
    ])
      assert.equal(rules.hasAmbiguousAddressing(clear), false, clear);
  });

  it('accept every way to a region that can be chosen', () => {
    const ways = reachChoices('oss-cn-hangzhou', plainL10n).map(({ value }) => value);
    assert.deepEqual(ways, [
      '',
      'oss-cn-hangzhou-internal.aliyuncs.com',
      'cn-hangzhou.oss.aliyuncs.com',
      'oss-accelerate.aliyuncs.com',
      'oss-accelerate-overseas.aliyuncs.com',
    ]);
    for (const endpoint of ways.slice(1))
      assert.equal(endpointOf({ region: 'cn-hangzhou', endpoint }).region, 'cn-hangzhou');
  });

  it('want a region that looks like one', () => {
    assert.equal(rules.regionProblem('oss-cn-hangzhou'), undefined);
    assert.notEqual(rules.regionProblem('Hang zhou'), undefined);
  });
});
