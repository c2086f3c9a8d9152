import * as v from 'valibot';
import { present, sourceFailure } from './credentialSpec.ts';
import type { AssumedRole, CredentialSpec, SourceEntry } from './credentialSpec.ts';

export const aliyunCliFile = '~/.aliyun/config.json';

/** Content of `~/.aliyun/config.json`. */
export interface AliyunCliConfig {
  /** Name of the CLI's default profile. */
  readonly current: string;
  readonly entries: readonly SourceEntry[];
}

const text = v.fallback(v.string(), '');
const seconds = v.fallback(v.number(), 0);
const profile = v.object({
  name: v.string(),
  mode: text,
  access_key_id: text,
  access_key_secret: text,
  sts_token: text,
  sts_region: text,
  sts_endpoint: text,
  sts_expiration: seconds,
  ram_role_name: text,
  ram_role_arn: text,
  ram_session_name: text,
  external_id: text,
  policy: text,
  source_profile: text,
  expired_seconds: seconds,
  region_id: text,
  process_command: text,
  credentials_uri: text,
  oidc_provider_arn: text,
  oidc_token_file: text,
});
type CliProfile = v.InferOutput<typeof profile>;
type TextField = { readonly [Key in keyof CliProfile]: CliProfile[Key] extends string ? Key : never }[keyof CliProfile];

/** Defaults of all fields: the CLI leaves out empty ones. */
const emptyProfile = Object.fromEntries(Object.keys(profile.entries).map((key) => [key, null]));

/**
 * Parses the configuration of the CLI. Pure. An entry of an unsupported mode is included; its `spec` throws the
 * reason.
 *
 * @param file path for errors
 * @param nowMs current time, to check the expiry of a temporary key in the file
 * @throws AppError `auth/sourceFailed` (`malformed`); never quotes the text, which holds secrets
 * @see https://github.com/aliyun/aliyun-cli, config/profile.go
 */
export function parseAliyunCliConfig(json: string, file: string, nowMs: number): AliyunCliConfig {
  const list = v.safeParse(
    v.object({ current: text, profiles: v.array(v.record(v.string(), v.unknown())) }),
    withCurrent(json),
  );
  if (!list.success) {
    throw sourceFailure('malformed', 'this is no configuration file of the Alibaba Cloud CLI', file);
  }
  const profiles = list.output.profiles.flatMap((entry) => {
    const parsed = v.safeParse(profile, { ...emptyProfile, ...entry });
    return parsed.success ? [parsed.output] : [];
  });
  const entries = profiles.map((each): SourceEntry => ({
    name: each.name,
    mode: each.mode === '' ? 'AK' : each.mode,
    place: present({ region: each.region_id }),
    spec: () => specOf(each, profiles, { file, nowMs }, new Set()),
  }));
  return { current: list.output.current, entries };
}

function withCurrent(json: string): unknown {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { current: '', ...value } : undefined;
  } catch {
    return undefined;
  }
}

interface Context {
  readonly file: string;
  readonly nowMs: number;
}

function specOf(
  from: CliProfile,
  all: readonly CliProfile[],
  context: Context,
  seen: ReadonlySet<string>,
): CredentialSpec {
  const subject = `${context.file} (${from.name})`;
  const need = (field: TextField): string => from[field] || incomplete(`${field} is missing`, `${subject} ${field}`);
  const key = (): CredentialSpec => ({
    kind: 'key',
    credentials: {
      accessKeyId: need('access_key_id'),
      accessKeySecret: need('access_key_secret'),
      ...present({ securityToken: from.sts_token }),
    },
  });
  const mode = from.mode.toLowerCase();
  switch (mode) {
    case '':
    case 'ak':
    case 'ststoken':
      need(mode === 'ststoken' ? 'sts_token' : 'access_key_id');
      return key();
    case 'anonymous':
      return { kind: 'anonymous' };
    case 'ramrolearn':
      return { kind: 'assumeRole', base: key(), role: roleOf(from, need('ram_role_arn')) };
    case 'ecsramrole':
      return { kind: 'ecsRole', ...present({ role: from.ram_role_name }) };
    case 'ramrolearnwithrolename':
      return {
        kind: 'assumeRole',
        base: { kind: 'ecsRole', ...present({ role: from.ram_role_name }) },
        role: roleOf(from, need('ram_role_arn')),
      };
    case 'chainableramrolearn': {
      const name = need('source_profile');
      const source =
        all.find((each) => each.name === name) ??
        incomplete('the source profile does not exist', `${context.file} (${name})`);
      if (seen.has(name)) {
        return incomplete('the source profiles go in a circle', subject);
      }
      return {
        kind: 'assumeRole',
        base: specOf(source, all, context, new Set([...seen, name])),
        role: roleOf(from, need('ram_role_arn')),
      };
    }
    case 'external':
      return { kind: 'process', command: need('process_command') };
    case 'credentialsuri':
      return { kind: 'uri', uri: need('credentials_uri') };
    case 'oidc':
      return {
        kind: 'oidc',
        role: roleOf(from, need('ram_role_arn')),
        providerArn: need('oidc_provider_arn'),
        tokenFile: need('oidc_token_file'),
      };
    case 'cloudsso':
    case 'oauth':
      return cachedKey(from, subject, context.nowMs);
    default:
      throw sourceFailure(
        'unsupported',
        unsupported[mode] ?? 'this mode is not known here',
        `${subject} (mode ${from.mode.slice(0, 40)})`,
      );
  }
}

const unsupported: Readonly<Record<string, string>> = {
  bearertoken: 'OSS does not take bearer tokens',
  rsakeypair: 'key pairs are deprecated and OSS does not take their session keys',
};

/**
 * Uses the temporary key that the CLI stores for CloudSSO and OAuth until it expires; any command of the CLI renews it.
 * Renewing it here would sign the CLI out: these modes sign in with a browser and rotate their tokens with every use.
 */
function cachedKey(from: CliProfile, subject: string, nowMs: number): CredentialSpec {
  const expiresAtMs = from.sts_expiration * 1000;
  if (from.access_key_id === '' || from.access_key_secret === '' || from.sts_token === '' || expiresAtMs <= nowMs) {
    throw sourceFailure(
      'expired',
      `the temporary key of mode ${from.mode} has ended: run "aliyun sts GetCallerIdentity ` +
        `--profile ${from.name}" to renew it`,
      subject,
    );
  }
  return {
    kind: 'key',
    credentials: {
      accessKeyId: from.access_key_id,
      accessKeySecret: from.access_key_secret,
      securityToken: from.sts_token,
      expiresAtMs,
    },
  };
}

function roleOf(from: CliProfile, arn: string): AssumedRole {
  return {
    arn,
    ...present({
      sessionName: from.ram_session_name,
      externalId: from.external_id,
      policy: from.policy,
      durationSeconds: from.expired_seconds > 0 ? from.expired_seconds : undefined,
      stsEndpoint: from.sts_endpoint || (from.sts_region === '' ? '' : `sts.${from.sts_region}.aliyuncs.com`),
    }),
  };
}

function incomplete(what: string, subject: string): never {
  throw sourceFailure('incomplete', what, subject);
}
