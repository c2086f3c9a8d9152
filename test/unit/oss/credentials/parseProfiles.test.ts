import assert from 'node:assert/strict';
import { parseProfiles } from '../../../../src/oss/credentials/parseProfiles.ts';

describe('profiles in the settings', () => {
  it('profiles are read with all their fields, trimmed', () => {
    const full = {
      name: 'work',
      region: 'cn-hangzhou',
      endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
      credentials: 'environment',
      signature: 'v1',
      addressing: 'virtualHosted',
    };
    assert.deepEqual(
      parseProfiles([
        full,
        { name: ' public ', region: ' oss-cn-beijing ', credentials: 'anonymous' },
        { name: 'key', region: 'cn-hangzhou' },
      ]),
      {
        profiles: [
          full,
          { name: 'public', region: 'oss-cn-beijing', credentials: 'anonymous' },
          { name: 'key', region: 'cn-hangzhou', credentials: 'accessKey' },
        ],
        problems: [],
      },
    );
    assert.deepEqual(parseProfiles(undefined), { profiles: [], problems: [] });
  });

  it('invalid profiles are skipped by name with the reason, and the valid ones stay', () => {
    const { profiles, problems } = parseProfiles([
      { name: 'good', region: 'cn-hangzhou' },
      { name: 'good', region: 'cn-beijing' },
      { name: '  ', region: 'cn-hangzhou' },
      { name: 'place' },
      { name: 'odd', endpoint: 'ftp://x.example' },
      { name: 'typo', region: 'cn-hangzhou', credentials: 'accesskey' },
      'text',
      null,
      { name: 5, region: 'cn-hangzhou' },
    ]);
    assert.deepEqual(
      profiles.map(({ name, region }) => [name, region]),
      [['good', 'cn-hangzhou']],
    );
    const expected = [
      /^profile "good" is left out: another one has the same name/,
      /^profile number 3 is left out: name: give it a name/,
      /^profile "place" is left out: .*a profile needs a region/,
      /^profile "odd" is left out: .*only http and https.*ftp:\/\/x\.example/,
      /^profile "typo" is left out: credentials: .*"accessKey" \| "anonymous" \| "environment".*"accesskey"/,
      /^profile number 7 is left out: /,
      /^profile number 8 is left out: /,
      /^profile number 9 is left out: name: .*string/,
    ];
    assert.equal(problems.length, expected.length);
    expected.forEach((pattern, index) => assert.match(problems[index] ?? '', pattern));
  });

  it('profiles must be a list', () => {
    assert.deepEqual(parseProfiles({ name: 'x' }), {
      profiles: [],
      problems: ['the setting "profiles" must be a list of objects'],
    });
  });

  it('secrets in the settings are dropped', () => {
    const { profiles, problems } = parseProfiles([
      { name: 'a', region: 'cn-hangzhou', accessKeySecret: 'hidden' },
      { name: 'b', endpoint: 'https://id:hidden@h.example' },
    ]);
    assert.doesNotMatch(JSON.stringify({ profiles, problems }), /hidden/);
  });
});
