import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import type { SourceProblem } from '../../../../src/base/errors.ts';
import { parseAliyunCliConfig } from '../../../../src/oss/credentials/aliyunCliConfig.ts';

const file = '~/.aliyun/config.json';
const nowMs = 1_800_000_000_000;
const key = { access_key_id: 'a', access_key_secret: 'hidden' };
const role = { ram_role_arn: 'acs:ram::1:role/r', ram_session_name: 'me' };
const keySpec = { kind: 'key', credentials: { accessKeyId: 'a', accessKeySecret: 'hidden' } };
const roleSpec = { arn: 'acs:ram::1:role/r', sessionName: 'me' };

function specOf(profile: object, ...others: readonly object[]): unknown {
  const { entries } = parseAliyunCliConfig(
    JSON.stringify({ current: 'p', profiles: [{ name: 'p', ...profile }, ...others] }),
    file,
    nowMs,
  );
  return entries[0]?.spec();
}
const failsWith = (reason: SourceProblem, message: RegExp) => (error: unknown) =>
  error instanceof AppError &&
  error.details.reason === reason &&
  message.test(error.message) &&
  !/hidden/.test(error.message);

describe('the configuration file of the Alibaba Cloud CLI', () => {
  const served: readonly (readonly [string, object, unknown, ...(readonly object[])])[] = [
    ['AK', key, keySpec],
    [
      'StsToken',
      { ...key, sts_token: 't' },
      { kind: 'key', credentials: { accessKeyId: 'a', accessKeySecret: 'hidden', securityToken: 't' } },
    ],
    [
      'RamRoleArn',
      { ...key, ...role, expired_seconds: 900, external_id: 'e', sts_region: 'cn-beijing' },
      {
        kind: 'assumeRole',
        base: keySpec,
        role: { ...roleSpec, durationSeconds: 900, externalId: 'e', stsEndpoint: 'sts.cn-beijing.aliyuncs.com' },
      },
    ],
    ['EcsRamRole', { ram_role_name: 'n' }, { kind: 'ecsRole', role: 'n' }],
    ['ecsramrole', {}, { kind: 'ecsRole' }],
    [
      'RamRoleArnWithRoleName',
      { ram_role_name: 'n', ...role },
      { kind: 'assumeRole', base: { kind: 'ecsRole', role: 'n' }, role: roleSpec },
    ],
    [
      'ChainableRamRoleArn',
      { source_profile: 'q', ...role },
      { kind: 'assumeRole', base: keySpec, role: roleSpec },
      { name: 'q', mode: 'AK', ...key },
    ],
    ['External', { process_command: 'give key' }, { kind: 'process', command: 'give key' }],
    ['CredentialsURI', { credentials_uri: 'http://127.0.0.1/k' }, { kind: 'uri', uri: 'http://127.0.0.1/k' }],
    [
      'OIDC',
      { ...role, oidc_provider_arn: 'p', oidc_token_file: '/t' },
      { kind: 'oidc', role: roleSpec, providerArn: 'p', tokenFile: '/t' },
    ],
    [
      'CloudSSO',
      { ...key, sts_token: 't', sts_expiration: nowMs / 1000 + 60 },
      {
        kind: 'key',
        credentials: { accessKeyId: 'a', accessKeySecret: 'hidden', securityToken: 't', expiresAtMs: nowMs + 60_000 },
      },
    ],
    [
      'OAuth',
      { ...key, sts_token: 't', sts_expiration: nowMs / 1000 + 60 },
      {
        kind: 'key',
        credentials: { accessKeyId: 'a', accessKeySecret: 'hidden', securityToken: 't', expiresAtMs: nowMs + 60_000 },
      },
    ],
    ['Anonymous', {}, { kind: 'anonymous' }],
  ];
  for (const [mode, fields, spec, ...others] of served) {
    it(`CLI mode ${mode} signs in`, () => assert.deepEqual(specOf({ mode, ...fields }, ...others), spec));
  }

  const refused: readonly (readonly [string, object, SourceProblem, RegExp])[] = [
    ['BearerToken', { bearer_token: 'hidden' }, 'unsupported', /bearer tokens.*p.*BearerToken/],
    ['RsaKeyPair', { private_key: 'hidden' }, 'unsupported', /key pairs.*RsaKeyPair/],
    ['Telepathy', {}, 'unsupported', /not known.*Telepathy/],
    ['AK', { access_key_id: 'a' }, 'incomplete', /access_key_secret is missing: ~\/\.aliyun\/config\.json \(p\)/],
    ['StsToken', key, 'incomplete', /sts_token/],
    ['RamRoleArn', key, 'incomplete', /ram_role_arn/],
    ['ChainableRamRoleArn', { source_profile: 'nobody', ...role }, 'incomplete', /does not exist.*nobody/],
    [
      'CloudSSO',
      { ...key, sts_token: 't', sts_expiration: nowMs / 1000 - 1 },
      'expired',
      /aliyun sts GetCallerIdentity --profile p/,
    ],
    ['OAuth', { oauth_refresh_token: 'hidden' }, 'expired', /aliyun/],
  ];
  for (const [mode, fields, reason, message] of refused) {
    it(`CLI mode ${mode} is refused with the reason (${reason}: ${message.source})`, () =>
      assert.throws(() => specOf({ mode, ...fields }), failsWith(reason, message)));
  }

  it('a cycle of source profiles is refused', () => {
    const chain = (name: string, source: string) => ({
      name,
      mode: 'ChainableRamRoleArn',
      source_profile: source,
      ...role,
    });
    assert.throws(() => specOf(chain('p', 'q'), chain('q', 'p')), failsWith('incomplete', /circle/));
  });

  it('the current profile and the endpoints of all profiles are read', () => {
    const { current, entries } = parseAliyunCliConfig(
      JSON.stringify({
        current: 'two',
        profiles: [
          { name: 'one', mode: 'AK', ...key, region_id: 'cn-hangzhou' },
          { name: 'two', mode: 'OAuth' },
          { noName: true },
        ],
      }),
      file,
      nowMs,
    );
    assert.equal(current, 'two');
    assert.deepEqual(
      entries.map(({ name, mode, place }) => [name, mode, place]),
      [
        ['one', 'AK', { region: 'cn-hangzhou' }],
        ['two', 'OAuth', {}],
      ],
    );
  });

  it('another kind of file is refused by its name, without its content', () => {
    for (const text of [
      '',
      '{"access_key_secret": "hidden"',
      '[]',
      '{"profiles": "hidden"}',
      'null',
      '{"profiles": [5]}',
    ]) {
      assert.throws(() => parseAliyunCliConfig(text, file, nowMs), failsWith('malformed', /config\.json/));
    }
  });
});
