import * as v from 'valibot';
import { AppError } from '../../base/errors.ts';
import { endpointOf } from '../endpoint.ts';
import type { CredentialsSource, Profile } from '../profile.ts';

/** The parsed setting `profiles`: valid entries, and a sentence for each invalid one. */
export interface ParsedProfiles {
  readonly profiles: readonly Profile[];
  /** English, for the log; each names the entry and the remedy. */
  readonly problems: readonly string[];
}

const text = v.pipe(v.string(), v.trim());
const required = v.pipe(text, v.minLength(1, 'must not be empty'));
const session = {
  sessionName: v.exactOptional(required),
  policy: v.exactOptional(required),
  durationSeconds: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(900), v.maxValue(43_200))),
  stsEndpoint: v.exactOptional(required),
};
const simpleSource = v.picklist(['accessKey', 'anonymous', 'environment']);
const externalSource = v.variant('from', [
  v.object({ from: v.literal('ossutil'), file: v.exactOptional(required), profile: v.exactOptional(text) }),
  v.object({ from: v.literal('aliyunCli'), file: v.exactOptional(required), profile: v.exactOptional(required) }),
  v.object({ from: v.literal('ecsRole'), role: v.exactOptional(required) }),
  v.object({ from: v.literal('oidc'), roleArn: required, providerArn: required, tokenFile: required, ...session }),
  v.object({
    from: v.literal('assumeRole'),
    profile: required,
    roleArn: required,
    externalId: v.exactOptional(required),
    ...session,
  }),
  v.object({ from: v.literal('uri'), uri: required }),
  v.object({ from: v.literal('process'), command: required }),
]);
const source = v.lazy((input) => (typeof input === 'object' && input !== null ? externalSource : simpleSource));
const schema = v.object({
  name: v.pipe(text, v.minLength(1, 'give it a name')),
  region: v.exactOptional(text),
  endpoint: v.exactOptional(text),
  credentials: v.exactOptional(source, 'accessKey'),
  signature: v.exactOptional(v.picklist(['v4', 'v1'])),
  addressing: v.exactOptional(v.picklist(['virtualHosted', 'path', 'cname'])),
});

/**
 * Parses the setting `profiles`. Pure. Never throws: an invalid entry does not affect the others. Of two entries with
 * the same name the first one is used.
 */
export function parseProfiles(value: unknown): ParsedProfiles {
  if (value === undefined || value === null) {
    return { profiles: [], problems: [] };
  }
  if (!Array.isArray(value)) {
    return { profiles: [], problems: ['the setting "profiles" must be a list of objects'] };
  }
  const profiles: Profile[] = [];
  const problems: string[] = [];
  for (const [index, entry] of value.entries()) {
    const parsed = parseProfile(entry);
    const problem = typeof parsed === 'string' ? parsed : problemOf(parsed, profiles);
    if (problem === undefined && typeof parsed !== 'string') {
      profiles.push(parsed);
    } else {
      problems.push(`profile ${nameOf(entry, index)} is left out: ${problem ?? ''}`);
    }
  }
  return { profiles, problems };
}

function parseProfile(entry: unknown): Profile | string {
  const result = v.safeParse(schema, entry);
  if (result.success) {
    return result.output;
  }
  return result.issues.map((issue) => `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`).join('; ');
}

function problemOf(profile: Profile, others: readonly Profile[]): string | undefined {
  if (others.some(({ name }) => name === profile.name)) {
    return 'another one has the same name: rename one of them';
  }
  if (!hasEndpoint(profile) && mayImplyEndpoint(profile.credentials)) {
    return undefined;
  }
  try {
    endpointOf(profile);
    return undefined;
  } catch (error) {
    return error instanceof AppError ? error.message : String(error);
  }
}

function hasEndpoint({ region = '', endpoint = '' }: Profile): boolean {
  return region !== '' || endpoint !== '';
}

/** Whether the source may supply the region or endpoint; reading it tells if it does. */
function mayImplyEndpoint(from: CredentialsSource): boolean {
  return from === 'environment' || (typeof from === 'object' && (from.from === 'ossutil' || from.from === 'aliyunCli'));
}

function nameOf(entry: unknown, index: number): string {
  const name: unknown = typeof entry === 'object' && entry !== null && 'name' in entry ? entry.name : undefined;
  return typeof name === 'string' && name.trim() !== '' ? JSON.stringify(name) : `number ${index + 1}`;
}
