import assert from 'node:assert/strict';
import { environmentSource } from '../../../../src/oss/credentials/environmentSource.ts';
import type { Environment } from '../../../../src/oss/credentials/environmentSource.ts';

const oss: Environment = { OSS_ACCESS_KEY_ID: ' id ', OSS_ACCESS_KEY_SECRET: 'secret\n' };
const alibaba: Environment = {
  ALIBABA_CLOUD_ACCESS_KEY_ID: 'a',
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's',
  ALIBABA_CLOUD_SECURITY_TOKEN: 't',
};
const oidc: Environment = {
  ALIBABA_CLOUD_ROLE_ARN: 'arn',
  ALIBABA_CLOUD_OIDC_PROVIDER_ARN: 'p',
  ALIBABA_CLOUD_OIDC_TOKEN_FILE: '/t',
};

function spec(env: Environment): unknown {
  const source = environmentSource(env);
  return source?.kind === 'spec' ? source.spec : source;
}

describe('credentials from environment variables', () => {
  it('credentials exist if both parts of the key are set, with a token if there is one', () => {
    assert.deepEqual(spec({ ...oss, OSS_SESSION_TOKEN: '' }), {
      kind: 'key',
      credentials: { accessKeyId: 'id', accessKeySecret: 'secret' },
    });
    assert.deepEqual(spec({ ...oss, OSS_SESSION_TOKEN: 'token' }), {
      kind: 'key',
      credentials: { accessKeyId: 'id', accessKeySecret: 'secret', securityToken: 'token' },
    });
    assert.equal(spec({ OSS_ACCESS_KEY_ID: 'id' }), undefined);
    assert.equal(spec({ OSS_ACCESS_KEY_ID: '  ', OSS_ACCESS_KEY_SECRET: 'secret' }), undefined);
    assert.equal(spec({}), undefined);
  });

  it('variables of OSS come before those of the SDKs, and those in the order of the SDKs', () => {
    const key = { kind: 'key', credentials: { accessKeyId: 'a', accessKeySecret: 's', securityToken: 't' } };
    const all = {
      ...oss,
      ...alibaba,
      ...oidc,
      ALIBABA_CLOUD_PROFILE: 'dev',
      ALIBABA_CLOUD_ECS_METADATA: 'box',
      ALIBABA_CLOUD_CREDENTIALS_URI: 'http://127.0.0.1/',
    };
    const without = (...prefixes: readonly string[]): Environment =>
      Object.fromEntries(Object.entries(all).filter(([name]) => !prefixes.some((prefix) => name.startsWith(prefix))));
    assert.equal((spec(all) as { credentials: { accessKeyId: string } }).credentials.accessKeyId, 'id');
    assert.deepEqual(spec(without('OSS_', 'ALIBABA_CLOUD_ROLE')), key);
    assert.deepEqual(spec(without('OSS_')), { kind: 'assumeRole', base: key, role: { arn: 'arn' } });
    const noKey = ['OSS_', 'ALIBABA_CLOUD_ACCESS'];
    assert.deepEqual(spec(without(...noKey)), {
      kind: 'oidc',
      role: { arn: 'arn' },
      providerArn: 'p',
      tokenFile: '/t',
    });
    assert.deepEqual(spec(without(...noKey, 'ALIBABA_CLOUD_OIDC')), { kind: 'cliProfile', profile: 'dev', place: {} });
    assert.deepEqual(spec(without(...noKey, 'ALIBABA_CLOUD_OIDC', 'ALIBABA_CLOUD_PROFILE')), {
      kind: 'ecsRole',
      role: 'box',
      isV2Only: false,
    });
    assert.deepEqual(spec(without(...noKey, 'ALIBABA_CLOUD_OIDC', 'ALIBABA_CLOUD_PROFILE', 'ALIBABA_CLOUD_ECS')), {
      kind: 'uri',
      uri: 'http://127.0.0.1/',
    });
  });

  it('a variable can switch a source off', () => {
    assert.equal(spec({ ALIBABA_CLOUD_PROFILE: 'dev', ALIBABA_CLOUD_CLI_PROFILE_DISABLED: 'true' }), undefined);
    assert.equal(spec({ ALIBABA_CLOUD_ECS_METADATA: 'box', ALIBABA_CLOUD_ECS_METADATA_DISABLED: '1' }), undefined);
    assert.deepEqual(spec({ ALIBABA_CLOUD_ECS_METADATA: 'box', ALIBABA_CLOUD_IMDSV1_DISABLED: 'TRUE' }), {
      kind: 'ecsRole',
      role: 'box',
      isV2Only: true,
    });
  });

  it('region and endpoint are read from variables too', () => {
    assert.deepEqual(
      environmentSource({
        ...oss,
        OSS_REGION: 'cn-hangzhou',
        ALIBABA_CLOUD_REGION_ID: 'cn-beijing',
        OSS_ENDPOINT: 'h.example',
      })?.place,
      { region: 'cn-hangzhou', endpoint: 'h.example' },
    );
    assert.deepEqual(environmentSource({ ...alibaba, ALIBABA_CLOUD_REGION_ID: 'cn-beijing' })?.place, {
      region: 'cn-beijing',
    });
  });
});
