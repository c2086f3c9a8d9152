import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import type { SourceProblem } from '../../../../src/base/errors.ts';
import { parseOssutilConfig } from '../../../../src/oss/credentials/ossutilConfig.ts';

const file = '~/.ossutilconfig';
const failsWith = (reason: SourceProblem, message: RegExp) => (error: unknown) =>
  error instanceof AppError &&
  error.code === 'auth/sourceFailed' &&
  error.details.reason === reason &&
  message.test(error.message);

describe('the configuration file of ossutil', () => {
  const spellings = [
    'accessKeyID|accessKeySecret|stsToken|endpoint',
    'AccessKeyId|AccessKeySecret|ststoken|host',
    'access_key_id|access_key_secret|sts_token|Endpoint',
    'accessid|accesskey|STSToken|HOST',
    'access-key-id|access-key-secret|sts-token|endpoint',
    'access_id|access_key|sts_token|host',
  ];
  for (const spelling of spellings) {
    it(`the ossutil file can be spelled ${spelling}`, () => {
      const [id, secret, token, endpoint] = spelling.split('|');
      const text =
        `\r\n[Credentials]\r\nlanguage=EN\r\n# a comment\r\n${id} = the id\r\n${secret}=the=secret\r\n${token}="the ` +
        `token"\r\n${endpoint}=oss-cn-hangzhou.aliyuncs.com\r\n`;
      const [entry] = parseOssutilConfig(text, file);
      assert.deepEqual(entry?.spec(), {
        kind: 'key',
        credentials: { accessKeyId: 'the id', accessKeySecret: 'the=secret', securityToken: 'the token' },
      });
      assert.deepEqual(
        [entry.name, entry.mode, entry.place],
        ['', 'StsToken', { endpoint: 'oss-cn-hangzhou.aliyuncs.com' }],
      );
    });
  }

  it('endpoints and domains of single buckets are read, and the domain wins', () => {
    const [entry] = parseOssutilConfig(
      '[Credentials]\naccessKeyID=a\naccessKeySecret=b\n[Bucket-Endpoint]\nbucket-1=oss-cn-beijing.aliyuncs.com\n' +
        'bucket-2=oss-cn-shanghai.aliyuncs.com\nempty=\n[Bucket-Cname]\nbucket-2 = files.example.com\n',
      file,
    );
    assert.deepEqual(
      [...(entry?.buckets ?? [])],
      [
        ['bucket-1', { endpoint: 'oss-cn-beijing.aliyuncs.com' }],
        ['bucket-2', { endpoint: 'files.example.com', addressing: 'cname' }],
      ],
    );
  });

  it('profiles of ossutil 2 are read with their mode and place', () => {
    const entries = parseOssutilConfig(
      `[default]
accessKeyId=a
accessKeySecret=b
region=cn-hangzhou
[profile dev]
mode=RamRoleArn
source-profile=default
role-arn=acs:ram::1:role/r
role-session-name=me
sts-region=cn-hangzhou
region=cn-beijing
addressing-style=path
sign-version=v1
[profile pod]
mode=oidc
role_arn=acs:ram::1:role/r
oidc_provider_arn=acs:ram::1:oidc-provider/p
oidc_token_file=/token
[profile box]
mode=EcsRamRole
ecs-role-name=box
[profile loop]
mode=RamRoleArn
role-arn=x
source-profile=loop
[profile odd]
mode=Kerberos
[profile half]
accessKeyId=only
`,
      file,
    );
    const specs = new Map(entries.map((entry) => [entry.name, entry]));
    assert.deepEqual([...specs.keys()], ['', 'dev', 'pod', 'box', 'loop', 'odd', 'half']);
    assert.deepEqual(specs.get('dev')?.spec(), {
      kind: 'assumeRole',
      base: { kind: 'key', credentials: { accessKeyId: 'a', accessKeySecret: 'b' } },
      role: { arn: 'acs:ram::1:role/r', sessionName: 'me', stsEndpoint: 'sts.cn-hangzhou.aliyuncs.com' },
    });
    assert.deepEqual(specs.get('dev')?.place, { region: 'cn-beijing', addressing: 'path', signature: 'v1' });
    assert.equal(specs.get('pod')?.spec().kind, 'oidc');
    assert.deepEqual(specs.get('box')?.spec(), { kind: 'ecsRole', role: 'box' });
    assert.throws(() => specs.get('loop')?.spec(), failsWith('incomplete', /circle.*loop/));
    assert.throws(() => specs.get('odd')?.spec(), failsWith('unsupported', /odd.*Kerberos/));
    assert.throws(() => specs.get('half')?.spec(), failsWith('incomplete', /accessKeySecret/));
  });

  // Spelled as in the ossutil documentation.
  const modes: readonly (readonly [string, string, unknown])[] = [
    [
      'AK',
      'accessKeyID = a\naccessKeySecret = b',
      { kind: 'key', credentials: { accessKeyId: 'a', accessKeySecret: 'b' } },
    ],
    [
      'StsToken',
      'access-key-id=a\naccess-key-secret=b\nsts-token=t',
      { kind: 'key', credentials: { accessKeyId: 'a', accessKeySecret: 'b', securityToken: 't' } },
    ],
    [
      'RamRoleArn',
      'accessKeyID = a\naccessKeySecret = b\nmode = RamRoleArn\nroleArn = r\nroleSessionName = s',
      {
        kind: 'assumeRole',
        base: { kind: 'key', credentials: { accessKeyId: 'a', accessKeySecret: 'b' } },
        role: { arn: 'r', sessionName: 's' },
      },
    ],
    ['EcsRamRole', 'mode = EcsRamRole\n# optional\necsRoleName = box ', { kind: 'ecsRole', role: 'box' }],
    ['EcsRamRole', 'mode = EcsRamRole', { kind: 'ecsRole' }],
    ['Ali-EcsRamRole', 'mode = Ali-EcsRamRole\necs_role_name = box', { kind: 'ecsRole', role: 'box', isV2Only: true }],
    [
      'oidcRoleArn',
      'mode = oidcRoleArn\nOIDCProviderArn=p\nOIDCTokenFilePath=/t\nroleArn=r\nroleSessionName= s',
      { kind: 'oidc', role: { arn: 'r', sessionName: 's' }, providerArn: 'p', tokenFile: '/t' },
    ],
    ['Process', 'mode = Process\ncredentialProcess = user-cmd --flag', { kind: 'process', command: 'user-cmd --flag' }],
    [
      'CredentialUri',
      'mode=CredentialUri\ncredential-uri=http://127.0.0.1/k',
      { kind: 'uri', uri: 'http://127.0.0.1/k' },
    ],
    ['Anonymous', 'mode=Anonymous', { kind: 'anonymous' }],
  ];
  for (const [mode, lines, spec] of modes) {
    it(`ossutil 2 mode ${mode} signs in: ${lines.split('\n').at(-1) ?? ''}`, () => {
      const [entry] = parseOssutilConfig(`[default]\n${lines}\nregion=ap-southeast-1\n`, file);
      assert.deepEqual([entry?.mode, entry?.spec(), entry?.place], [mode, spec, { region: 'ap-southeast-1' }]);
    });
  }

  it('a section with places of single buckets applies only to the ossutil 2 profile that refers to it', () => {
    const entries = parseOssutilConfig(
      `[profile dev]
accessKeyId=a
accessKeySecret=b
region=cn-hangzhou
buckets=dev-bucket
[profile other]
accessKeyId=a
accessKeySecret=b
[Bucket-Endpoint]
  old=oss-cn-shanghai.aliyuncs.com
[buckets dev-bucket]
bucket-hz =
 endpoint=oss-cn-hangzhou-internal.aliyuncs.com
bucket-own =
  region=cn-hangzhou
  endpoint=test.com
  addressing-style=cname
  loglevel=
bucket-bj=
  region=cn-beijing
[buckets another]
bucket-hz =
  endpoint=evil.example
`,
      file,
    );
    const old = ['old', { endpoint: 'oss-cn-shanghai.aliyuncs.com' }];
    assert.deepEqual(
      entries.map(({ name, buckets }) => [name, [...(buckets ?? [])]]),
      [
        [
          'dev',
          [
            old,
            ['bucket-hz', { endpoint: 'oss-cn-hangzhou-internal.aliyuncs.com' }],
            ['bucket-own', { region: 'cn-hangzhou', endpoint: 'test.com', addressing: 'cname' }],
            ['bucket-bj', { region: 'cn-beijing' }],
          ],
        ],
        ['other', [old]],
      ],
    );
  });

  it('a profile of ossutil 2 inherits missing values from its source profile', () => {
    const entries = parseOssutilConfig(
      `[profile cred]
mode=EcsRamRole
ecs-role-name=box
region=cn-shanghai
sign-version=v1
endpoint=custom.example
[profile dev]
region=cn-hangzhou
source-profile=cred
[profile circle]
source-profile=circle
`,
      file,
    );
    const [, dev, circle] = entries;
    assert.deepEqual(
      [dev?.mode, dev?.spec(), dev?.place],
      [
        'EcsRamRole',
        { kind: 'ecsRole', role: 'box' },
        { region: 'cn-hangzhou', endpoint: 'custom.example', signature: 'v1' },
      ],
    );
    assert.throws(() => circle?.spec(), failsWith('incomplete', /circle/));
  });

  it('path-style addressing of ossutil 2 puts the bucket into the path', () => {
    const placeWith = (lines: string): unknown =>
      parseOssutilConfig(`[default]\naccessKeyId=a\naccessKeySecret=b\n${lines}\n`, file)[0]?.place.addressing;
    assert.equal(
      placeWith('endpoint=ep-1.oss.cn-hangzhou.privatelink.aliyuncs.com:80\nendpoint-suffix-list-path-style=DEFAULT'),
      'path',
    );
    assert.equal(
      placeWith('endpoint=https://a.path-style.com/\nendpoint-suffix-list-path-style=DEFAULT, .path-style.com'),
      'path',
    );
    assert.equal(placeWith('endpoint=b.example\nendpoint-suffix-list-path-style=DEFAULT'), undefined);
    assert.equal(placeWith('endpoint=b.example\naddressing-style=virtual'), undefined);
    assert.equal(placeWith('endpoint=b.example\naddressingStyle=path'), 'path');
  });

  it('the instance role of old ossutil files is recognized', () => {
    const [entry] = parseOssutilConfig(
      '[Credentials]\nendpoint=h.example\n[AkService]\necsAk=http://100.100.100.200/latest/meta-data/Ram/' +
        'security-credentials/OldRole\n',
      file,
    );
    assert.deepEqual(entry?.spec(), { kind: 'ecsRole', role: 'OldRole' });
  });

  it('another kind of file is refused by its name, without its content', () => {
    for (const text of ['{"secret": "hidden"}', 'hidden', '[Credentials]\nhidden without a sign']) {
      assert.throws(
        () => parseOssutilConfig(text, file),
        (error) => failsWith('malformed', /~\/\.ossutilconfig/)(error) && !/hidden/.test(String(error)),
      );
    }
    assert.deepEqual(parseOssutilConfig('', file), []);
  });
});
