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
    it(`a date ${agoMs} ms ago is shown as "${expected}"`, () =>
      assert.equal(relativeDate(nowMs - agoMs, nowMs, 'en'), expected));
  }

  it('relative dates use the language of the user', () => {
    assert.equal(relativeDate(nowMs - 86_400_000 * 3, nowMs, 'zh-cn'), '3天前');
  });
});

describe('escapeMarkdown', () => {
  it('no character that Markdown would interpret is left unescaped', () => {
    assert.equal(escapeMarkdown('a_b [x](y) <i>\n# `$(z)`'), 'a\\_b \\[x\\]\\(y\\) \\<i\\> \\# \\`\\$\\(z\\)\\`');
  });
});

describe('validation of profiles', () => {
  const rules = profileRules(() => ['work'], plainL10n);

  it('a profile needs a visible name that is not taken', () => {
    assert.equal(rules.nameProblem('home'), undefined);
    for (const bad of ['', 'work', 'a\u202Eb', 'x'.repeat(65)]) assert.notEqual(rules.nameProblem(bad), undefined);
  });

  it('an endpoint must be a host', () => {
    for (const good of [
      'oss-cn-hangzhou.aliyuncs.com',
      'https://oss-cn-hangzhou-internal.aliyuncs.com',
      'http://127.0.0.1:9000',
    ])
      assert.equal(rules.endpointProblem(good), undefined);
    for (const bad of ['', 'not a host', 'ftp://x', 'https://bucket.oss-cn-hangzhou.aliyuncs.com', 'https://host/path'])
      assert.match(rules.endpointProblem(bad) ?? '', /Not an endpoint/);
  });

  it('endpoints that contain their region are recognized', () => {
    assert.equal(rules.impliesRegion('oss-cn-hangzhou-internal.aliyuncs.com'), true);
    assert.equal(rules.impliesRegion('http://127.0.0.1:9000'), false);
    assert.equal(rules.impliesRegion('oss-accelerate.aliyuncs.com'), false);
  });

  it('endpoints that send requests unencrypted over a network are recognized', () => {
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

  it('endpoints with an ambiguous addressing style are recognized', () => {
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

  it('every endpoint that the list offers for a region is valid', () => {
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

  it('a region must look like one', () => {
    assert.equal(rules.regionProblem('oss-cn-hangzhou'), undefined);
    assert.notEqual(rules.regionProblem('Hang zhou'), undefined);
  });
});
