import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { toAppError } from '../../../../src/base/errors.ts';
import { SignedUrls } from '../../../../src/download/transfer/urlProvider.ts';
import { createHttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import type { CredentialsSource } from '../../../../src/oss/profile.ts';
import { impatientClock } from '../../../support/engineRig.ts';
import { never } from '../support/access.ts';
import { directNetwork, readAll, rejection } from '../support/answers.ts';
import { startSourceRig } from './support/sourceRig.ts';
import type { SourceRig } from './support/sourceRig.ts';

const object = { profile: 'p', bucket: 'bucket-1', key: 'k.txt' };

describe('profiles with external credentials', () => {
  let rig: SourceRig;
  beforeEach(async () => {
    rig = await startSourceRig();
  });
  afterEach(() => rig.close());

  const use = (credentials: CredentialsSource, name = 'p'): void => {
    rig.profiles.set(name, { name, region: 'cn-hangzhou', endpoint: rig.server.url, credentials });
  };
  const write = async (file: string, text: string, mode = 0o600): Promise<void> => {
    await mkdir(path.dirname(path.join(rig.home, file)), { recursive: true });
    await writeFile(path.join(rig.home, file), text, { mode });
  };
  const list = async (): Promise<number> => (await rig.oss.listEntries(object, '', undefined, never)).items.length;
  const role = { roleArn: 'acs:ram::1:role/r' };

  it('a changed key in the ossutil file is used at once', async () => {
    use({ from: 'ossutil' });
    await write('.ossutilconfig', '[Credentials]\naccessKeyID=a\naccessKeySecret=wrong\n');
    assert.equal((await rejection(list())).code, 'auth/wrongSecret');
    await write('.ossutilconfig', '[Credentials]\naccessKeyID=a\naccessKeySecret=secret\n');
    assert.equal(await list(), 1);
  });

  const sources: readonly (readonly [string, () => Promise<CredentialsSource>, readonly number[]])[] = [
    [
      'the current profile of the Alibaba Cloud CLI',
      async () => {
        await write(
          '.aliyun/config.json',
          JSON.stringify({
            current: 'x',
            profiles: [{ name: 'x', mode: 'AK', access_key_id: 'a', access_key_secret: 'secret' }],
          }),
        );
        return { from: 'aliyunCli' };
      },
      [],
    ],
    [
      'a profile of the CLI that the environment names',
      async () => {
        await write(
          '.aliyun/config.json',
          JSON.stringify({
            current: 'y',
            profiles: [
              {
                name: 'x',
                mode: 'RamRoleArn',
                access_key_id: 'a',
                access_key_secret: 'secret',
                ram_role_arn: 'r',
                ram_session_name: 's',
                sts_endpoint: rig.services.origin,
              },
            ],
          }),
        );
        rig.environment['ALIBABA_CLOUD_PROFILE'] = 'x';
        return 'environment';
      },
      [1],
    ],
    [
      'a key in the environment',
      () => {
        Object.assign(rig.environment, { OSS_ACCESS_KEY_ID: 'a', OSS_ACCESS_KEY_SECRET: 'secret' });
        return Promise.resolve('environment' as const);
      },
      [],
    ],
    ['the role of an ECS instance', () => Promise.resolve({ from: 'ecsRole' }), [3]],
    [
      'a token in a file',
      async () => {
        await write('token', 'jwt');
        return { from: 'oidc', ...role, providerArn: 'p', tokenFile: '~/token', stsEndpoint: rig.services.origin };
      },
      [1],
    ],
    [
      'a role that another profile assumes',
      () => {
        use('accessKey', 'base');
        return Promise.resolve({ from: 'assumeRole', profile: 'base', ...role, stsEndpoint: rig.services.origin });
      },
      [1],
    ],
    ['a credentials URI', () => Promise.resolve({ from: 'uri', uri: `${rig.services.origin}/keys?for=me` }), [1]],
    [
      'a program',
      () =>
        Promise.resolve({
          from: 'process',
          command:
            `"${process.execPath}" -e 'console.log(JSON.stringify({access_key_id: "a", access_key_secret: ` +
            `"secret"}))'`,
        }),
      [],
    ],
  ];
  for (const [what, prepare, numbers] of sources) {
    it(`objects can be listed, and signed URLs are accepted, with ${what}`, async () => {
      use(await prepare());
      rig.accept(...numbers);
      assert.equal(await list(), 1);
      const reader = createHttpObjectReader(directNetwork);
      const { url } = await rig.oss.signGet(object, never);
      assert.equal((await readAll(reader, { url })).bytes.toString(), 'some text');
      await reader.close();
    });
  }

  it('an expired key is renewed once for all waiting calls', async () => {
    use({ from: 'uri', uri: `${rig.services.origin}/keys?for=me` });
    rig.accept(1, 2);
    assert.equal(await list(), 1);
    rig.accept(2);
    assert.deepEqual(await Promise.all([list(), list(), list()]), [1, 1, 1]);
    assert.deepEqual(rig.services.asked, ['uri', 'uri']);
  });

  it('a renewed key that is refused too gives the error of the server', async () => {
    use({ from: 'uri', uri: `${rig.services.origin}/keys?for=me` });
    const error = await rejection(list());
    assert.equal(error.code, 'auth/unknownKey');
    assert.equal(rig.services.asked.length, 3);
  });

  it('a download continues when its key expires half-way', async () => {
    use({ from: 'assumeRole', profile: 'base', ...role, stsEndpoint: rig.services.origin });
    use('accessKey', 'base');
    rig.accept(1, 2);
    const reader = createHttpObjectReader(directNetwork);
    const urls = new SignedUrls(rig.oss, object, impatientClock);
    const part = (start: number, end: number): Promise<string> =>
      urls.use(async (url) => (await readAll(reader, { url, range: { start, end } })).bytes.toString(), never);
    assert.equal(await part(0, 4), 'some');
    rig.accept(2);
    const refused = await Promise.allSettled([part(4, 6), part(6, 9)]);
    for (const each of refused) {
      assert(each.status === 'rejected');
      const { code, retryable } = toAppError(each.reason);
      assert.deepEqual([code, retryable], ['auth/unknownKey', true]);
    }
    assert.deepEqual(await Promise.all([part(4, 6), part(6, 9)]), [' t', 'ext']);
    assert.deepEqual(rig.services.asked, ['AssumeRole', 'AssumeRole']);
    rig.accept();
    await assert.rejects(part(0, 4));
    const hopeless = await rejection(
      rig.oss.signGet(object, never, {
        code: 'endpoint/wrongEndpoint',
        message: 'elsewhere',
        details: { endpoint: 'evil.example' },
      }),
    );
    assert.deepEqual([hopeless.code, hopeless.retryable], ['endpoint/wrongEndpoint', false]);
    await reader.close();
  });

  it('URLs are signed by the clock of the server once one was refused for the local clock', async () => {
    use('accessKey');
    rig.server.settings.clockOffsetMs = 5 * 3_600_000;
    const reader = createHttpObjectReader(directNetwork);
    const urls = new SignedUrls(rig.oss, object, impatientClock);
    const get = (): Promise<string> =>
      urls.use(async (url) => (await readAll(reader, { url })).bytes.toString(), never);
    const first = await rejection(get());
    assert.equal(first.retryable, true, first.message);
    assert.equal(await get(), 'some text');
    await reader.close();
  });

  it('region and endpoint come from the file if the profile has none, those of a bucket first', async () => {
    rig.profiles.set('p', { name: 'p', credentials: { from: 'ossutil' } });
    await write(
      '.ossutilconfig',
      `[Credentials]\naccessKeyID=a\naccessKeySecret=secret\nendpoint=http://127.0.0.1:1\n[Bucket-Endpoint]\n` +
        `bucket-1=${rig.server.url}\n`,
    );
    assert.equal(await list(), 1);
    rig.server.settings.cnames = { localhost: 'bucket-1' };
    await write(
      '.ossutilconfig',
      `[Credentials]\naccessKeyID=a\naccessKeySecret=secret\nregion=cn-hangzhou\n[Bucket-Endpoint]\n` +
        `bucket-1=http://127.0.0.1:1\n[Bucket-Cname]\nbucket-1=${rig.server.url.replace('127.0.0.1', 'localhost')}\n`,
    );
    assert.equal(await list(), 1);
  });

  it('the region of a bucket is read from the section that an ossutil 2 profile refers to', async () => {
    const file = (place: string): string =>
      `[profile dev]\naccess-key-id=a\naccess-key-secret=secret\n${place}\nbuckets=mine\n[buckets mine]\nbucket-1 ` +
      `=\n  region=cn-beijing\n`;
    const originFor = async (place: string): Promise<string> => {
      rig.profiles.set('p', { name: 'p', credentials: { from: 'ossutil', profile: 'dev' } });
      await write('.ossutilconfig', file(place));
      return new URL((await rig.oss.signGet(object, never)).url).origin;
    };
    assert.equal(await originFor('region=cn-hangzhou'), 'https://bucket-1.oss-cn-beijing.aliyuncs.com');
    assert.equal(
      await originFor('region=cn-hangzhou\nendpoint=oss-cn-hangzhou-internal.aliyuncs.com'),
      'https://bucket-1.oss-cn-beijing.aliyuncs.com',
    );
    assert.equal(await originFor('region=cn-hangzhou\nendpoint=private.example'), 'https://bucket-1.private.example');
  });

  it('a file that others can read is logged once, without its content', async function () {
    if (process.platform === 'win32') this.skip();
    use({ from: 'ossutil' });
    await write('.ossutilconfig', '[Credentials]\naccessKeyID=a\naccessKeySecret=secret\n', 0o644);
    await list();
    await list();
    assert.deepEqual(
      rig.lines.filter((line) => /chmod 600/.test(line)),
      ['warn other users of this computer can read a file with credentials, "chmod 600" closes it: ~/.ossutilconfig'],
    );
  });

  it('a missing profile, file or variable is named', async () => {
    for (const [source, message] of [
      [{ from: 'ossutil' }, /~\/\.ossutilconfig/],
      [{ from: 'aliyunCli', profile: 'dev' }, /~\/\.aliyun\/config\.json/],
      ['environment', /OSS_ACCESS_KEY_ID/],
      [{ from: 'assumeRole', profile: 'p', ...role }, /circle/],
    ] as const) {
      use(source);
      const error = await rejection(list());
      assert.equal(error.code, 'auth/sourceFailed');
      assert.match(error.message, message);
    }
    use({ from: 'assumeRole', profile: 'nobody', ...role });
    assert.equal((await rejection(list())).code, 'input/unknownProfile');
  });
});
