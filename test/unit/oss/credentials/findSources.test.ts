import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { foundRow, importedProfile, isThere } from '../../../../src/vscode/profiles/foundSources.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import { never } from '../support/access.ts';
import { startSourceRig } from './support/sourceRig.ts';
import type { SourceRig } from './support/sourceRig.ts';

describe('credential sources on this machine', () => {
  let rig: SourceRig;
  beforeEach(async () => {
    rig = await startSourceRig();
    rig.services.failure = { status: 404, body: '' };
  });
  afterEach(() => rig.close());
  const write = async (file: string, text: string, mode = 0o600): Promise<void> => {
    await mkdir(path.dirname(path.join(rig.home, file)), { recursive: true });
    await writeFile(path.join(rig.home, file), text, { mode });
  };
  const find = () => rig.oss.findSources(never);
  const rows = async () => (await find()).map((found) => foundRow(found, [], plainL10n));

  it('a machine without credentials offers no source', async () => assert.deepEqual(await find(), []));

  it('each profile of each file, the environment and the instance role are offered with type and place', async () => {
    await write(
      '.ossutilconfig',
      '[Credentials]\naccessKeyID=a\naccessKeySecret=hidden\nendpoint=oss-cn-hangzhou.aliyuncs.com\n[profile ' +
        'dev]\naccessKeyId=b\naccessKeySecret=hidden\nregion=cn-beijing\n',
    );
    await write(
      '.aliyun/config.json',
      JSON.stringify({
        current: 'x',
        profiles: [
          {
            name: 'x',
            mode: 'StsToken',
            access_key_id: 'a',
            access_key_secret: 'hidden',
            sts_token: 'hidden',
            region_id: 'cn-shanghai',
          },
        ],
      }),
    );
    rig.environment['OSS_ACCESS_KEY_ID'] = 'id';
    rig.environment['OSS_ACCESS_KEY_SECRET'] = 'hidden';
    rig.services.failure = undefined;
    const found = await find();
    assert.deepEqual(
      found.map(({ source }) => source),
      [
        { from: 'ossutil' },
        { from: 'ossutil', profile: 'dev' },
        { from: 'aliyunCli', profile: 'x' },
        'environment',
        { from: 'ecsRole' },
      ],
    );
    assert.deepEqual(
      (await rows()).map(({ label, description }) => `${label}: ${description}`),
      [
        'ossutil: AK · oss-cn-hangzhou.aliyuncs.com · ~/.ossutilconfig',
        'dev: AK · cn-beijing · ~/.ossutilconfig',
        'x: StsToken · cn-shanghai · ~/.aliyun/config.json',
        'environment: OSS_ACCESS_KEY_ID · the environment variables',
        'EcsRole: EcsRamRole · the role of this ECS instance',
      ],
    );
    assert.doesNotMatch(JSON.stringify(found), /hidden/);
  });

  it('unusable sources are listed with the reason', async () => {
    await write(
      '.aliyun/config.json',
      JSON.stringify({
        profiles: [
          { name: 'bearer', mode: 'BearerToken' },
          { name: 'sso', mode: 'CloudSSO' },
          { name: 'half', mode: 'AK', access_key_id: 'a' },
        ],
      }),
    );
    await write('.ossutilconfig', 'nonsense');
    const all = await rows();
    const [ossutil, bearer, sso, half] = all;
    assert.equal(ossutil?.detail, 'Cannot be used: the file holds no credentials in a form that is known.');
    assert.equal(bearer?.detail, 'Cannot be used: OSS does not take BearerToken.');
    assert.equal(sso?.detail, 'Cannot be used: its temporary key has ended. Sign in again with the CLI.');
    assert.equal(half?.detail, 'Cannot be used, something is missing: (half) access_key_secret');
    // Longer texts are cut in a row of the list.
    for (const { label, detail = '' } of all) {
      assert.ok(detail.length <= 80, detail);
      assert.match(label, /^\$\(error\) /);
    }
  });

  it('a file that others can read is marked', async function () {
    if (process.platform === 'win32') this.skip();
    await write('.ossutilconfig', '[Credentials]\naccessKeyID=a\naccessKeySecret=b\n', 0o644);
    assert.match(
      (await rows())[0]?.detail ?? '',
      /Other users of this computer can read ~\/\.ossutilconfig: close it with chmod 600/,
    );
  });

  it('an imported source becomes a uniquely named profile that reads it in place', async () => {
    await write(
      '.ossutilconfig',
      '[Credentials]\naccessKeyID=a\naccessKeySecret=b\n[profile $(trash) ' +
        'a\u202Eb]\naccessKeyId=a\naccessKeySecret=b\n',
    );
    const [plain, odd] = await find();
    assert(plain !== undefined && odd !== undefined);
    const profile = importedProfile(plain, ['ossutil', 'ossutil 2']);
    assert.deepEqual(profile, { name: 'ossutil 3', credentials: { from: 'ossutil' } });
    assert.equal(isThere(plain, [profile]), true);
    assert.equal(isThere(odd, [profile]), false);
    assert.doesNotMatch(foundRow(odd, [], plainL10n).label, /(?<!\\)\$\(|\u202E/);
  });
});
