import { defined } from '../../base/defined.ts';
import { AppError } from '../../base/errors.ts';
import { endpointOf } from '../endpoint.ts';
import type { Credentials, ExternalSource, Profile, ProfileProvider } from '../profile.ts';
import { aliyunCliFile, parseAliyunCliConfig } from './aliyunCliConfig.ts';
import { CredentialFetcher } from './credentialFetcher.ts';
import type { CredentialFetcherDeps } from './credentialFetcher.ts';
import { present, sourceFailure } from './credentialSpec.ts';
import type { CredentialSpec, SourceEntry, SourcePlace } from './credentialSpec.ts';
import { environmentSource } from './environmentSource.ts';
import type { Environment } from './environmentSource.ts';
import { ossutilFile, parseOssutilConfig } from './ossutilConfig.ts';
import type { UserFile } from './userFiles.ts';

export interface CredentialResolverDeps extends Omit<CredentialFetcherDeps, 'mayRun'> {
  readonly profiles: ProfileProvider;
  readonly environment: Environment;
}

/** A profile with what its source says at this moment. */
export interface ResolvedProfile {
  /** Region, endpoint and the like of the source filled in. */
  readonly profile: Profile;
  /** Undefined: anonymous. */
  readonly credentials: Credentials | undefined;
}

/** What a source says right now. */
interface SourceReading {
  readonly spec: CredentialSpec;
  readonly place: SourcePlace;
  /** Buckets that are reached in another way. */
  readonly buckets?: ReadonlyMap<string, SourcePlace>;
}

/** Resolves profiles. Sources are read for each call, so that what another program writes counts at once. */
export class CredentialResolver {
  private readonly deps: CredentialResolverDeps;
  private readonly fetcher: CredentialFetcher;
  private readonly warned = new Set<string>();

  constructor(deps: CredentialResolverDeps) {
    this.deps = deps;
    this.fetcher = new CredentialFetcher({ ...deps, mayRun: (command) => deps.profiles.mayRun(command) });
  }

  /**
   * @param bucket where a source may name another endpoint for it
   * @throws AppError `input/unknownProfile`, `auth/missingCredentials`, `auth/sourceFailed`, `network/*`, or
   * `signal.reason` when aborted
   */
  async resolve(name: string, bucket: string | undefined, signal: AbortSignal): Promise<ResolvedProfile> {
    signal.throwIfAborted();
    const profile = this.deps.profiles.profile(name);
    const reading = await this.read(name);
    return { profile: withSource(profile, reading, bucket), credentials: await this.fetcher.get(reading.spec, signal) };
  }

  /** The same without asking for a key. @throws as `resolve` */
  async locate(name: string, bucket: string, signal: AbortSignal): Promise<Profile> {
    signal.throwIfAborted();
    const profile = this.deps.profiles.profile(name);
    const tellsNothing =
      isSet(profile.endpoint) || profile.credentials === 'accessKey' || profile.credentials === 'anonymous';
    return withSource(profile, tellsNothing ? { place: {} } : await this.read(name), bucket);
  }

  /** The server refused this key: a source that hands out keys is asked for another one next time. */
  refused(credentials: Credentials): void {
    this.fetcher.forget(credentials);
  }

  /** Ends requests for keys, and forgets those that were fetched. */
  close(): void {
    this.fetcher.close();
  }

  private async read(profileName: string): Promise<SourceReading> {
    const { credentials } = this.deps.profiles.profile(profileName);
    switch (credentials) {
      case 'anonymous':
        return { spec: { kind: 'anonymous' }, place: {} };
      case 'environment':
        return this.readEnvironment();
      case 'accessKey': {
        const stored = await this.deps.profiles.storedCredentials(profileName);
        return {
          spec: stored === undefined ? missingKey(profileName) : { kind: 'key', credentials: stored },
          place: {},
        };
      }
      default:
        return this.readExternal(credentials, [profileName]);
    }
  }

  private async readExternal(source: ExternalSource, users: readonly string[]): Promise<SourceReading> {
    switch (source.from) {
      case 'ossutil': {
        const file = await this.open(source.file ?? ossutilFile);
        return reading(entryNamed(parseOssutilConfig(file.text, file.shownPath), source.profile ?? '', file.shownPath));
      }
      case 'aliyunCli':
        return this.readCli(source.file ?? aliyunCliFile, source.profile);
      case 'ecsRole':
        return { spec: { kind: 'ecsRole', ...present({ role: source.role }) }, place: {} };
      case 'oidc': {
        const { roleArn: arn, providerArn, tokenFile, sessionName, policy, durationSeconds, stsEndpoint } = source;
        return {
          spec: {
            kind: 'oidc',
            role: { arn, ...present({ sessionName, policy, durationSeconds, stsEndpoint }) },
            providerArn,
            tokenFile,
          },
          place: {},
        };
      }
      case 'assumeRole': {
        const { roleArn: arn, externalId, sessionName, policy, durationSeconds, stsEndpoint } = source;
        if (users.includes(source.profile)) {
          throw sourceFailure('incomplete', 'the profiles that assume roles go in a circle', source.profile);
        }
        const base = this.deps.profiles.profile(source.profile).credentials;
        const { spec } =
          typeof base === 'object'
            ? await this.readExternal(base, [...users, source.profile])
            : await this.read(source.profile);
        return {
          spec: {
            kind: 'assumeRole',
            base: spec,
            role: { arn, ...present({ externalId, sessionName, policy, durationSeconds, stsEndpoint }) },
          },
          place: {},
        };
      }
      case 'uri':
        return { spec: { kind: 'uri', uri: source.uri }, place: {} };
      case 'process':
        return { spec: { kind: 'process', command: source.command }, place: {} };
    }
  }

  private async readEnvironment(): Promise<SourceReading> {
    const found = environmentSource(this.deps.environment);
    if (found === undefined) {
      throw sourceFailure(
        'incomplete',
        'no variable holds or names a key',
        'OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET, ALIBABA_CLOUD_*',
      );
    }
    if (found.kind === 'spec') {
      return found;
    }
    const { spec, place } = await this.readCli(aliyunCliFile, found.profile);
    return { spec, place: { ...place, ...found.place } };
  }

  private async readCli(path: string, name: string | undefined): Promise<SourceReading> {
    const file = await this.open(path);
    const { current, entries } = parseAliyunCliConfig(file.text, file.shownPath, Date.now());
    return reading(entryNamed(entries, name ?? current, file.shownPath));
  }

  private async open(path: string): Promise<UserFile> {
    const file = await this.deps.files.read(path);
    if (file.isOpenToOthers && !this.warned.has(file.shownPath)) {
      this.warned.add(file.shownPath);
      this.deps.logger.log(
        'warn',
        `other users of this computer can read a file with credentials, "chmod 600" closes it: ${file.shownPath}`,
      );
    }
    return file;
  }
}

/**
 * What the profile itself says wins over its source; what the source says of one bucket wins over what it says of all.
 */
function withSource(
  profile: Profile,
  { place, buckets }: Pick<SourceReading, 'place' | 'buckets'>,
  bucket: string | undefined,
): Profile {
  const { region, endpoint } = isSet(profile.endpoint) || isSet(profile.region) ? profile : place;
  const { addressing = profile.addressing ?? place.addressing, ...own } =
    (isSet(profile.endpoint) || bucket === undefined ? undefined : buckets?.get(bucket)) ?? {};
  const signature = profile.signature ?? place.signature;
  const merged: Profile = {
    name: profile.name,
    credentials: profile.credentials,
    ...placeOf(defined({ region, endpoint }), own),
    ...defined({ addressing, signature }),
  };
  // ossutil 1 knew no regions: where nothing tells one, requests are signed as it signed them.
  return signature === undefined &&
    typeof profile.credentials === 'object' &&
    profile.credentials.from === 'ossutil' &&
    tellsNoRegion(merged)
    ? { ...merged, signature: 'v1' }
    : merged;
}

/**
 * A bucket's own endpoint on the public cloud tells its region, which may be another one than the profile's; its own
 * region there has an endpoint of its own.
 */
function placeOf({ region, endpoint }: SourcePlace, own: SourcePlace): Pick<Profile, 'region' | 'endpoint'> {
  const dropsRegion = isSet(own.endpoint) && endpointOf({ endpoint: own.endpoint }).region !== undefined;
  const dropsEndpoint = isSet(own.region) && isSet(endpoint) && endpointOf({ endpoint }).publicHost !== undefined;
  return {
    ...(region === undefined || dropsRegion ? {} : { region }),
    ...(endpoint === undefined || dropsEndpoint ? {} : { endpoint }),
    ...defined({ region: own.region, endpoint: own.endpoint }),
  };
}

function tellsNoRegion(profile: Profile): boolean {
  return isSet(profile.endpoint) && endpointOf(profile).region === undefined;
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== '';
}

function entryNamed(entries: readonly SourceEntry[], name: string, file: string): SourceEntry {
  const entry = entries.find((each) => each.name === name);
  if (entry === undefined) {
    throw sourceFailure('incomplete', 'the file has no such profile', name === '' ? file : `${file} (${name})`);
  }
  return entry;
}

function reading({ spec, place, buckets }: SourceEntry): SourceReading {
  return { spec: spec(), place, ...defined({ buckets }) };
}

function missingKey(name: string): never {
  throw new AppError('auth/missingCredentials', `secret storage has no access key: ${name}`, {
    details: { subject: name },
  });
}
