import { present } from './credentialSpec.ts';
import type { AssumedRole, CredentialSpec, SourcePlace } from './credentialSpec.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Credentials in the environment: a spec, or the name of a profile of the Alibaba Cloud CLI. */
export type EnvironmentSource =
  | { readonly kind: 'spec'; readonly spec: CredentialSpec; readonly place: SourcePlace; readonly mode: string }
  | { readonly kind: 'cliProfile'; readonly profile: string; readonly place: SourcePlace };

/**
 * Reads the variables of OSS's own tools (`OSS_ACCESS_KEY_ID`, `OSS_ACCESS_KEY_SECRET`, `OSS_SESSION_TOKEN`), then
 * those of Alibaba Cloud's SDKs in the order of their default chain: access key (with `ALIBABA_CLOUD_ROLE_ARN` as a
 * role), OIDC, profile of the CLI, ECS role, credentials URI.
 *
 * @param env such as `process.env`
 * @returns undefined if none of them is set
 * @see https://www.alibabacloud.com/help/en/sdk/developer-reference/v2-manage-node-js-access-credentials, default
 * credential provider chain
 */
export function environmentSource(env: Environment): EnvironmentSource | undefined {
  const read = (name: string): string => env[name]?.trim() ?? '';
  const place = present({
    region: read('OSS_REGION') || read('ALIBABA_CLOUD_REGION_ID'),
    endpoint: read('OSS_ENDPOINT'),
  });
  const of = (mode: string, spec: CredentialSpec): EnvironmentSource => ({ kind: 'spec', spec, place, mode });

  const oss = keyIn(read, 'OSS_ACCESS_KEY_ID', 'OSS_ACCESS_KEY_SECRET', 'OSS_SESSION_TOKEN');
  if (oss !== undefined) {
    return of('OSS_ACCESS_KEY_ID', oss);
  }
  const key = keyIn(
    read,
    'ALIBABA_CLOUD_ACCESS_KEY_ID',
    'ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    'ALIBABA_CLOUD_SECURITY_TOKEN',
  );
  const role = roleIn(read);
  if (key !== undefined) {
    return role === undefined
      ? of('ALIBABA_CLOUD_ACCESS_KEY_ID', key)
      : of('ALIBABA_CLOUD_ROLE_ARN', { kind: 'assumeRole', base: key, role });
  }
  const providerArn = read('ALIBABA_CLOUD_OIDC_PROVIDER_ARN');
  const tokenFile = read('ALIBABA_CLOUD_OIDC_TOKEN_FILE');
  if (role !== undefined && providerArn !== '' && tokenFile !== '') {
    return of('ALIBABA_CLOUD_OIDC_TOKEN_FILE', { kind: 'oidc', role, providerArn, tokenFile });
  }
  const profile = read('ALIBABA_CLOUD_PROFILE');
  if (profile !== '' && !isTrue(read('ALIBABA_CLOUD_CLI_PROFILE_DISABLED'))) {
    return { kind: 'cliProfile', profile, place };
  }
  const ecsRole = read('ALIBABA_CLOUD_ECS_METADATA');
  if (ecsRole !== '' && !isTrue(read('ALIBABA_CLOUD_ECS_METADATA_DISABLED'))) {
    return of('ALIBABA_CLOUD_ECS_METADATA', {
      kind: 'ecsRole',
      role: ecsRole,
      isV2Only: isTrue(read('ALIBABA_CLOUD_IMDSV1_DISABLED')),
    });
  }
  const uri = read('ALIBABA_CLOUD_CREDENTIALS_URI');
  return uri === '' ? undefined : of('ALIBABA_CLOUD_CREDENTIALS_URI', { kind: 'uri', uri });
}

/** Reads a key; undefined unless both of its parts are set. */
function keyIn(read: (name: string) => string, id: string, secret: string, token: string): CredentialSpec | undefined {
  const accessKeyId = read(id);
  const accessKeySecret = read(secret);
  if (accessKeyId === '' || accessKeySecret === '') {
    return undefined;
  }
  return { kind: 'key', credentials: { accessKeyId, accessKeySecret, ...present({ securityToken: read(token) }) } };
}

function roleIn(read: (name: string) => string): AssumedRole | undefined {
  const arn = read('ALIBABA_CLOUD_ROLE_ARN');
  const region = read('ALIBABA_CLOUD_STS_REGION');
  if (arn === '') {
    return undefined;
  }
  return {
    arn,
    ...present({
      sessionName: read('ALIBABA_CLOUD_ROLE_SESSION_NAME'),
      externalId: read('ALIBABA_CLOUD_EXTERNAL_ID'),
      stsEndpoint: read('ALIBABA_CLOUD_STS_ENDPOINT') || (region === '' ? '' : `sts.${region}.aliyuncs.com`),
    }),
  };
}

function isTrue(text: string): boolean {
  return /^(?:1|true)$/i.test(text);
}
