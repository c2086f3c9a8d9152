import { bucketPlaces, placeOf, placeSpellings } from './ossutilPlaces.ts';
import { readIni } from './readIni.ts';
import type { IniSection } from './readIni.ts';
import { present, sourceFailure } from './credentialSpec.ts';
import type { AssumedRole, CredentialSpec, SourceEntry } from './credentialSpec.ts';

export const ossutilFile = '~/.ossutilconfig';

/** All spellings in ossutil 1 and 2, as normalized by `iniKey`. */
const spellings = {
  accessKeyId: ['accesskeyid', 'accessid'],
  accessKeySecret: ['accesskeysecret', 'accesskey'],
  securityToken: ['ststoken', 'securitytoken'],
  mode: ['mode'],
  ecsRole: ['ecsrolename', 'ramrolename', 'rolename'],
  ecsUrl: ['ecsak'],
  roleArn: ['ramrolearn', 'rolearn'],
  sessionName: ['rolesessionname', 'ramsessionname'],
  externalId: ['externalid'],
  duration: ['tokentimeout', 'expiredseconds', 'durationseconds'],
  stsEndpoint: ['stsendpoint'],
  stsRegion: ['stsregion'],
  providerArn: ['oidcproviderarn'],
  tokenFile: ['oidctokenfile', 'oidctokenfilepath'],
  uri: ['credentialuri', 'credentialsuri'],
  command: ['credentialprocess', 'processcommand', 'process'],
  base: ['sourceprofile'],
  buckets: ['buckets'],
  ...placeSpellings,
} as const;

type Field = keyof typeof spellings;

/**
 * Parses a configuration of ossutil. Pure. `[Credentials]` of ossutil 1 and `[default]` of ossutil 2 are both the entry
 * with an empty name.
 *
 * @param file path for errors
 * @throws AppError `auth/sourceFailed` (`malformed`)
 * @see https://www.alibabacloud.com/help/en/oss/developer-reference/configure-ossutil2
 */
export function parseOssutilConfig(text: string, file: string): readonly SourceEntry[] {
  const sections = readIni(text);
  if (sections === undefined) {
    throw sourceFailure('malformed', 'this is no configuration file of ossutil', file);
  }
  const entries: SourceEntry[] = [];
  const read = (section: IniSection): SourceEntry => entryOf(section, sections, file);
  for (const section of sections) {
    const name = profileName(section.name);
    if (name !== undefined && !entries.some((entry) => entry.name === name)) {
      entries.push(read(section));
    }
  }
  return entries;
}

/** Name of a section's entry; undefined if the section is not a profile. */
function profileName(section: string): string | undefined {
  const [, named] = /^profile\s+(.+)$/i.exec(section) ?? [];
  const name = named?.trim() ?? (/^(?:credentials|default)$/i.test(section) ? '' : undefined);
  return name === undefined ? undefined : entryName(name);
}

function entryOf(section: IniSection, all: readonly IniSection[], file: string): SourceEntry {
  const fallback = all.find(({ name }) => /^AkService$/i.test(name));
  const get = (field: Field): string =>
    valueOf(section, field) || (field === 'ecsUrl' && fallback !== undefined ? valueOf(fallback, field) : '');
  const name = profileName(section.name) ?? '';
  const sources = sourcesOf(section, all);
  const inherited = (field: Field): string =>
    get(field) || (sources.map((source) => valueOf(source, field)).find((value) => value !== '') ?? '');
  return {
    name,
    mode: modeOf(get('accessKeyId') === '' ? inherited : get),
    place: placeOf(inherited),
    buckets: bucketPlaces(all, inherited('buckets')),
    spec: () => specOf(get, name, all, file, new Set([name])),
  };
}

/**
 * Follows the chain of `source-profile` of a section; these sections supply the fields that it lacks.
 */
function sourcesOf(section: IniSection, all: readonly IniSection[]): readonly IniSection[] {
  const sources: IniSection[] = [];
  for (
    let next = sourceOf(section, all);
    next !== undefined && next !== section && !sources.includes(next);
    next = sourceOf(next, all)
  ) {
    sources.push(next);
  }
  return sources;
}

function sourceOf(section: IniSection, all: readonly IniSection[]): IniSection | undefined {
  const name = valueOf(section, 'base');
  return name === '' ? undefined : all.find((each) => profileName(each.name) === entryName(name));
}

/** `default` is the entry with an empty name. */
function entryName(name: string): string {
  return name.toLowerCase() === 'default' ? '' : name;
}

function valueOf(section: IniSection, field: Field): string {
  return spellings[field].map((key) => section.values.get(key) ?? '').find((value) => value !== '') ?? '';
}

function modeOf(get: (field: Field) => string): string {
  const stated = get('mode');
  if (stated !== '') {
    return stated;
  }
  if (get('accessKeyId') !== '') {
    return get('securityToken') === '' ? 'AK' : 'StsToken';
  }
  return get('ecsRole') !== '' || get('ecsUrl') !== '' ? 'EcsRamRole' : 'AK';
}

function specOf(
  get: (field: Field) => string,
  name: string,
  all: readonly IniSection[],
  file: string,
  seen: ReadonlySet<string>,
): CredentialSpec {
  const subject = name === '' ? file : `${file} [${name}]`;
  const need = (field: Field): string => get(field) || missing(field, subject);
  const key = (): CredentialSpec => ({
    kind: 'key',
    credentials: {
      accessKeyId: need('accessKeyId'),
      accessKeySecret: need('accessKeySecret'),
      ...present({ securityToken: get('securityToken') }),
    },
  });
  const mode = modeOf(get);
  switch (mode.toLowerCase()) {
    case 'anonymous':
      return { kind: 'anonymous' };
    case 'ak':
    case 'ststoken':
      return get('base') === '' || get('accessKeyId') !== '' ? key() : baseSpec(get('base'), all, file, seen);
    case 'ecsramrole':
      return {
        kind: 'ecsRole',
        ...present({
          role: get('ecsRole') || (/^http:\/\/100\.100\.100\.200\/.*\/([^/]+)$/.exec(get('ecsUrl'))?.[1] ?? ''),
        }),
      };
    case 'ali-ecsramrole':
      return { kind: 'ecsRole', ...present({ role: get('ecsRole') }), isV2Only: true };
    case 'ramrolearn':
    case 'chainableramrolearn':
      return {
        kind: 'assumeRole',
        base: get('base') === '' ? key() : baseSpec(get('base'), all, file, seen),
        role: roleOf(get, need('roleArn')),
      };
    case 'oidc':
    case 'oidcrolearn':
      return {
        kind: 'oidc',
        role: roleOf(get, need('roleArn')),
        providerArn: need('providerArn'),
        tokenFile: need('tokenFile'),
      };
    case 'uri':
    case 'credentialuri':
    case 'credentialsuri':
      return { kind: 'uri', uri: need('uri') };
    case 'process':
    case 'external':
      return { kind: 'process', command: need('command') };
    default:
      throw sourceFailure(
        'unsupported',
        'the mode is none that can be served here',
        `${subject} (mode ${mode.slice(0, 40)})`,
      );
  }
}

function baseSpec(name: string, all: readonly IniSection[], file: string, seen: ReadonlySet<string>): CredentialSpec {
  const wanted = entryName(name);
  const section = all.find((each) => profileName(each.name) === wanted);
  if (section === undefined || seen.has(wanted)) {
    throw sourceFailure(
      'incomplete',
      section === undefined ? 'the source profile does not exist' : 'the source profiles go in a circle',
      `${file} [${name}]`,
    );
  }
  return specOf((field) => valueOf(section, field), wanted, all, file, new Set([...seen, wanted]));
}

function roleOf(get: (field: Field) => string, arn: string): AssumedRole {
  const seconds = Number(get('duration'));
  const region = get('stsRegion');
  return {
    arn,
    ...present({
      sessionName: get('sessionName'),
      externalId: get('externalId'),
      durationSeconds: Number.isSafeInteger(seconds) && seconds > 0 ? seconds : undefined,
      stsEndpoint: get('stsEndpoint') || (region === '' ? '' : `sts.${region}.aliyuncs.com`),
    }),
  };
}

function missing(field: Field, subject: string): never {
  throw sourceFailure('incomplete', `${field} is missing`, `${subject} ${field}`);
}
