import { defined } from '../../base/defined.ts';
import { endpointOf } from '../endpoint.ts';
import type { Credentials, Profile, ProfileProvider } from '../profile.ts';
import type { SourcePlace } from './recipe.ts';
import type { RecipeKeys } from './recipeKeys.ts';
import type { SourceReader, SourceReading } from './sourceReader.ts';

/** A profile as it is right now: the place that its source names filled in, and its key. */
export interface LiveProfile {
  readonly profile: Profile;
  /** Undefined: anonymous. */
  readonly credentials: Credentials | undefined;
}

/** The user's profiles with what their sources say at this moment. */
export class LiveProfiles {
  private readonly profiles: ProfileProvider;
  private readonly reader: SourceReader;
  private readonly keys: RecipeKeys;

  constructor(profiles: ProfileProvider, reader: SourceReader, keys: RecipeKeys) {
    this.profiles = profiles;
    this.reader = reader;
    this.keys = keys;
  }

  /**
   * @param bucket where a source may name another endpoint for it
   * @throws AppError `input/unknownProfile`, `auth/missingCredentials`, `auth/sourceFailed`, `network/*`, or
   * `signal.reason` when aborted
   */
  async resolve(name: string, bucket: string | undefined, signal: AbortSignal): Promise<LiveProfile> {
    signal.throwIfAborted();
    const profile = this.profiles.profile(name);
    const reading = await this.reader.read(name);
    return { profile: placed(profile, reading, bucket), credentials: await this.keys.get(reading.recipe, signal) };
  }

  /** A profile with the place that its source names filled in; no key is asked for. @throws as `resolve` */
  async locate(name: string, bucket: string, signal: AbortSignal): Promise<Profile> {
    signal.throwIfAborted();
    const profile = this.profiles.profile(name);
    const tellsNothing =
      isSet(profile.endpoint) || profile.credentials === 'accessKey' || profile.credentials === 'anonymous';
    return placed(profile, tellsNothing ? { place: {} } : await this.reader.read(name), bucket);
  }

  /** The server refused this key: a source that hands out keys is asked for another one next time. */
  refused(credentials: Credentials): void {
    this.keys.forget(credentials);
  }
}

/**
 * What the profile itself says wins over its source; what the source says of one bucket wins over what it says of all.
 */
export function placed(
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
    ...placeOf({ ...defined({ region, endpoint }) }, own),
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
