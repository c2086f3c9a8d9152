import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { CredentialsSource } from '../../src/oss/profile.ts';
import type { OssUser } from '../server/signing/users.ts';
import { startSourceRig } from '../unit/oss/credentials/support/sourceRig.ts';
import type { SourceRig } from '../unit/oss/credentials/support/sourceRig.ts';
import { differenceFrom } from './support/compareFile.ts';
import { ServerRig } from './support/serverRig.ts';

const seed = 7;
const partSize = 256 * 1024;
const sizeBytes = 24 * partSize + 99;
const role = { roleArn: 'acs:ram::1:role/r' };

/** How a source provides its first key and then another one. */
interface SourceCase {
  readonly what: string;
  readonly prepare: () => CredentialsSource;
  /** The keys as the server knows them. */
  readonly users: readonly [OssUser, OssUser];
  /** Changes the source from outside; services issue another key by themselves. */
  readonly renew?: () => void;
  /** Requests that the services receive for both keys together. */
  readonly asked: readonly string[];
}

describe('a download whose key expires half-way', () => {
  let rig: SourceRig;
  let engine: ServerRig;
  beforeEach(async () => {
    rig = await startSourceRig();
    rig.server.store.bucket('bucket-1').put('big', { seed, sizeBytes });
    engine = ServerRig.beside(rig.server, rig.oss);
  });
  afterEach(async () => {
    await engine.stop();
    await rig.close();
  });

  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(rig.home, file)), { recursive: true });
    writeFileSync(path.join(rig.home, file), text, { mode: 0o600 });
  };
  /** Numbered like the keys that the services issue. */
  const handedOut = (number: number): OssUser => ({
    accessKeyId: `STS.${number}`,
    accessKeySecret: `secret-${number}`,
    securityToken: `token-${number}`,
  });
  /** Secrets and tokens that occur in no other word of a log. */
  const kept: readonly [OssUser, OssUser] = [
    { accessKeyId: 'first', accessKeySecret: 'secret-of-first', securityToken: 'token-of-first' },
    { accessKeyId: 'second', accessKeySecret: 'secret-of-second', securityToken: 'token-of-second' },
  ];
  const ossutil = ({ accessKeyId, accessKeySecret, securityToken = '' }: OssUser): void => {
    write(
      '.ossutilconfig',
      `[Credentials]\naccessKeyID=${accessKeyId}\naccessKeySecret=${accessKeySecret}\nstsToken=${securityToken}\n`,
    );
  };
  const cli = ({ accessKeyId, accessKeySecret, securityToken }: OssUser): void => {
    const profile = {
      name: 'x',
      mode: 'StsToken',
      access_key_id: accessKeyId,
      access_key_secret: accessKeySecret,
      sts_token: securityToken,
    };
    write('.aliyun/config.json', JSON.stringify({ current: 'x', profiles: [profile] }));
  };
  const printed = ({ accessKeyId, accessKeySecret, securityToken }: OssUser): void => {
    write(
      'key.json',
      JSON.stringify({
        mode: 'StsToken',
        access_key_id: accessKeyId,
        access_key_secret: accessKeySecret,
        sts_token: securityToken,
      }),
    );
  };
  const assumeRoles: readonly [OssUser, OssUser] = [handedOut(1), handedOut(2)];

  const cases: readonly SourceCase[] = [
    {
      what: 'the role of an ECS instance',
      prepare: () => ({ from: 'ecsRole' }),
      users: [handedOut(3), handedOut(6)],
      asked: ['token', 'roles', 'role', 'token', 'roles', 'role'],
    },
    {
      what: 'OIDC, whose token has been replaced too',
      prepare: () => {
        write('token', 'jwt-1');
        return { from: 'oidc', ...role, providerArn: 'p', tokenFile: '~/token', stsEndpoint: rig.services.origin };
      },
      renew: () => write('token', 'jwt-2'),
      users: assumeRoles,
      asked: ['AssumeRoleWithOIDC', 'AssumeRoleWithOIDC'],
    },
    {
      what: 'RamRoleArn with the key of another profile',
      prepare: () => {
        rig.profiles.set('base', { name: 'base', region: 'cn-hangzhou', credentials: 'accessKey' });
        return { from: 'assumeRole', profile: 'base', ...role, stsEndpoint: rig.services.origin };
      },
      users: assumeRoles,
      asked: ['AssumeRole', 'AssumeRole'],
    },
    {
      what: 'RamRoleArn in the file of ossutil 2',
      prepare: () => {
        write(
          '.ossutilconfig',
          `[profile dev]\nmode=RamRoleArn\naccess-key-id=a\naccess-key-secret=secret\nrole-arn=r\nsts-endpoin` +
            `t=${rig.services.origin}\n`,
        );
        return { from: 'ossutil', profile: 'dev' };
      },
      users: assumeRoles,
      asked: ['AssumeRole', 'AssumeRole'],
    },
    {
      what: 'a credentials URI',
      prepare: () => ({ from: 'uri', uri: `${rig.services.origin}/keys?for=me` }),
      users: assumeRoles,
      asked: ['uri', 'uri'],
    },
    {
      what: 'the environment, which names a credentials URI',
      prepare: () => {
        rig.environment['ALIBABA_CLOUD_CREDENTIALS_URI'] = `${rig.services.origin}/keys?for=me`;
        return 'environment';
      },
      users: assumeRoles,
      asked: ['uri', 'uri'],
    },
    {
      what: 'a program',
      prepare: () => {
        printed(kept[0]);
        return {
          from: 'process',
          command:
            `"${process.execPath}" -e "process.stdout.write(require('fs').readFileSync(process.argv[1]))" ` +
            `"${path.join(rig.home, 'key.json')}"`,
        };
      },
      renew: () => printed(kept[1]),
      users: kept,
      asked: [],
    },
    {
      what: 'the file of ossutil, changed on disk',
      prepare: () => {
        ossutil(kept[0]);
        return { from: 'ossutil' };
      },
      renew: () => ossutil(kept[1]),
      users: kept,
      asked: [],
    },
    {
      what: 'the file of the CLI, changed on disk',
      prepare: () => {
        cli(kept[0]);
        return { from: 'aliyunCli' };
      },
      renew: () => cli(kept[1]),
      users: kept,
      asked: [],
    },
  ];

  for (const {
    what,
    prepare,
    users: [first, second],
    renew,
    asked,
  } of cases) {
    it(`a download continues with the next key of ${what}, fetched once`, async () => {
      rig.profiles.set('p', { name: 'p', region: 'cn-hangzhou', endpoint: rig.server.url, credentials: prepare() });
      rig.server.settings.users = [first];
      let arrived = 0;
      let hasEnded = false;
      const request = {
        ...engine.request('big'),
        source: { kind: 'oss', object: { profile: 'p', bucket: 'bucket-1', key: 'big' } },
      } as const;
      const outcome = await engine.run('id', request, undefined, {
        onBytes: (bytes) => {
          arrived += bytes;
          if (arrived > sizeBytes / 4 && !hasEnded) {
            hasEnded = true;
            renew?.();
            rig.server.settings.users = [{ ...first, tokenExpiresMs: 1 }, second];
          }
        },
      });
      assert.deepEqual(outcome, { kind: 'completed', verified: 'crc64' }, engine.log.join('\n'));
      assert.equal(await differenceFrom(request.path, seed, sizeBytes), undefined);
      assert.deepEqual(rig.services.asked, asked);
      const answers = rig.server.requests
        .of('bucket-1', 'big', 'GET')
        .map(({ status, target }) => [status, signer(target)]);
      const [refused] = answers.filter(([status]) => status === 403);
      assert.deepEqual(refused, [403, first.accessKeyId], 'the first key was refused');
      assert(
        answers.some(([status, key]) => status === 206 && key === second.accessKeyId),
        'the second one was used',
      );
      const logged = [...engine.log, ...rig.lines].join('\n');
      for (const { accessKeySecret, securityToken = '' } of [first, second]) {
        assert(!logged.includes(accessKeySecret), logged);
        assert(securityToken !== '' && !logged.includes(securityToken), logged);
      }
    });
  }

  it('a download fails with the error of the credential source if it has no other key', async () => {
    rig.profiles.set('p', {
      name: 'p',
      region: 'cn-hangzhou',
      endpoint: rig.server.url,
      credentials: { from: 'uri', uri: `${rig.services.origin}/keys?for=me` },
    });
    rig.server.settings.users = [handedOut(1)];
    const request = {
      ...engine.request('big'),
      source: { kind: 'oss', object: { profile: 'p', bucket: 'bucket-1', key: 'big' } },
    } as const;
    const outcome = await engine.run('id', request, undefined, {
      onBytes: () => {
        rig.services.failure = { status: 403, body: '{"Code":"Forbidden"}' };
        rig.server.settings.users = [{ ...handedOut(1), tokenExpiresMs: 1 }];
      },
    });
    assert.deepEqual(outcome.kind === 'failed' ? [outcome.error.code, outcome.error.details.reason] : outcome, [
      'auth/sourceFailed',
      'refused',
    ]);
  });
});

/** The access key id that signed a URL. */
function signer(target: string): string {
  const query = new URLSearchParams(target.split('?')[1]);
  return (query.get('x-oss-credential') ?? query.get('OSSAccessKeyId') ?? '').split('/')[0] ?? '';
}
