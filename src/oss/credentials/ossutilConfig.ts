import type { Addressing } from '../profile.ts';
import { readIni } from './readIni.ts';
import type { IniSection } from './readIni.ts';
import { present, sourceFailure } from './recipe.ts';
import type { AssumedRole, Recipe, SourceEntry, SourcePlace } from './recipe.ts';

/** What a configuration file of ossutil says. */
export interface OssutilConfig {
  /** `[Credentials]` of ossutil 1 and `[default]` of ossutil 2 are both the entry without a name. */
  readonly entries: readonly SourceEntry[];
  /** `[Bucket-Endpoint]` and `[Bucket-Cname]`; the latter wins. */
  readonly buckets: ReadonlyMap<string, SourcePlace>;
}

/** All the spellings of ossutil 1 and 2, as `iniKey` writes them. */
const spellings = {
  accessKeyId: ['accesskeyid', 'accessid'],
  accessKeySecret: ['accesskeysecret', 'accesskey'],
  securityToken: ['ststoken', 'securitytoken'],
  endpoint: ['endpoint', 'host'],
  region: ['region', 'regionid'],
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
  addressing: ['addressingstyle'],
  signature: ['signversion', 'signatureversion'],
} as const;

type Field = keyof typeof spellings;

/** Pure. @param file names the text in errors @throws AppError `auth/sourceFailed` (`malformed`) */
export function parseOssutilConfig(text: string, file: string): OssutilConfig {
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
  return { entries, buckets: bucketPlaces(sections) };
}

/** The entry's name; undefined for a section that is none. */
function profileName(section: string): string | undefined {
  const [, named] = /^profile\s+(.+)$/i.exec(section) ?? [];
  const name = named?.trim() ?? (/^(?:credentials|default)$/i.test(section) ? '' : undefined);
  return name?.toLowerCase() === 'default' ? '' : name;
}

function entryOf(section: IniSection, all: readonly IniSection[], file: string): SourceEntry {
  const fallback = all.find(({ name }) => /^AkService$/i.test(name));
  const get = (field: Field): string => valueOf(section, field) || (field === 'ecsUrl' && fallback !== undefined ? valueOf(fallback, field) : '');
  const name = profileName(section.name) ?? '';
  return { name, mode: modeOf(get), place: placeOf(get), recipe: () => recipeOf(get, name, all, file, new Set([name])) };
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

function recipeOf(get: (field: Field) => string, name: string, all: readonly IniSection[], file: string, seen: ReadonlySet<string>): Recipe {
  const subject = name === '' ? file : `${file} [${name}]`;
  const need = (field: Field): string => get(field) || missing(field, subject);
  const key = (): Recipe => ({
    kind: 'key',
    credentials: { accessKeyId: need('accessKeyId'), accessKeySecret: need('accessKeySecret'), ...present({ securityToken: get('securityToken') }) },
  });
  const mode = modeOf(get);
  switch (mode.toLowerCase()) {
    case 'anonymous':
      return { kind: 'anonymous' };
    case 'ak':
    case 'ststoken':
      return get('base') === '' || get('accessKeyId') !== '' ? key() : baseRecipe(get('base'), all, file, seen);
    case 'ecsramrole':
      return { kind: 'ecsRole', ...present({ role: get('ecsRole') || (/^http:\/\/100\.100\.100\.200\/.*\/([^/]+)$/.exec(get('ecsUrl'))?.[1] ?? '') }) };
    case 'ramrolearn':
    case 'chainableramrolearn':
      return { kind: 'assumeRole', base: get('base') === '' ? key() : baseRecipe(get('base'), all, file, seen), role: roleOf(get, need('roleArn')) };
    case 'oidc':
    case 'oidcrolearn':
      return { kind: 'oidc', role: roleOf(get, need('roleArn')), providerArn: need('providerArn'), tokenFile: need('tokenFile') };
    case 'uri':
    case 'credentialuri':
    case 'credentialsuri':
      return { kind: 'uri', uri: need('uri') };
    case 'process':
    case 'external':
      return { kind: 'process', command: need('command') };
    default:
      throw sourceFailure('unsupported', 'the mode is none that can be served here', `${subject} (mode ${mode.slice(0, 40)})`);
  }
}

function baseRecipe(name: string, all: readonly IniSection[], file: string, seen: ReadonlySet<string>): Recipe {
  const wanted = name.toLowerCase() === 'default' ? '' : name;
  const section = all.find((each) => profileName(each.name) === wanted);
  if (section === undefined || seen.has(wanted)) {
    throw sourceFailure('incomplete', section === undefined ? 'the source profile does not exist' : 'the source profiles go in a circle', `${file} [${name}]`);
  }
  return recipeOf((field) => valueOf(section, field), wanted, all, file, new Set([...seen, wanted]));
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

function placeOf(get: (field: Field) => string): SourcePlace {
  const style = get('addressing').toLowerCase();
  const addressing: Addressing | undefined = style === 'path' || style === 'cname' ? style : undefined;
  const signature = get('signature').toLowerCase();
  return {
    ...present({ region: get('region'), endpoint: get('endpoint') }),
    ...(addressing === undefined ? {} : { addressing }),
    ...(signature === 'v1' || signature === 'v4' ? { signature } : {}),
  };
}

function bucketPlaces(sections: readonly IniSection[]): ReadonlyMap<string, SourcePlace> {
  const places = new Map<string, SourcePlace>();
  for (const [wanted, addressing] of [['bucket-endpoint', undefined], ['bucket-cname', 'cname']] as const) {
    for (const { entries } of sections.filter(({ name }) => name.toLowerCase() === wanted)) {
      for (const [bucket, endpoint] of entries) {
        if (endpoint !== '') {
          places.set(bucket, { endpoint, ...(addressing === undefined ? {} : { addressing }) });
        }
      }
    }
  }
  return places;
}

function missing(field: Field, subject: string): never {
  throw sourceFailure('incomplete', `${field} is missing`, `${subject} ${field}`);
}
