import { defined } from '../../base/defined.ts';
import { AppError } from '../../base/errors.ts';
import type { SourceProblem } from '../../base/errors.ts';
import type { Addressing, Credentials, SignatureVersion } from '../profile.ts';

/** How to get a key, as a source says it right now. May hold secrets: never logged, never stored. */
export type CredentialSpec =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'key'; readonly credentials: Credentials }
  | { readonly kind: 'assumeRole'; readonly base: CredentialSpec; readonly role: AssumedRole }
  | { readonly kind: 'oidc'; readonly role: AssumedRole; readonly providerArn: string; readonly tokenFile: string }
  | { readonly kind: 'ecsRole'; readonly role?: string; readonly isV2Only?: boolean }
  | { readonly kind: 'uri'; readonly uri: string }
  | { readonly kind: 'process'; readonly command: string };

export interface AssumedRole {
  readonly arn: string;
  readonly sessionName?: string;
  readonly externalId?: string;
  readonly policy?: string;
  readonly durationSeconds?: number;
  /** Host, with or without https; absent: `sts.aliyuncs.com`. */
  readonly stsEndpoint?: string;
}

/** Where requests go, as far as a source says it. */
export interface SourcePlace {
  readonly region?: string;
  readonly endpoint?: string;
  readonly addressing?: Addressing;
  readonly signature?: SignatureVersion;
}

/** One entry of a source: how it signs in, and where it goes. */
export interface SourceEntry {
  /** As the file names it; empty for a source of one entry. */
  readonly name: string;
  /** How it signs in, in the words of the tool that wrote it, such as `RamRoleArn`. */
  readonly mode: string;
  readonly place: SourcePlace;
  /** Places of single buckets, by name. */
  readonly buckets?: ReadonlyMap<string, SourcePlace>;
  /** @throws AppError `auth/sourceFailed` where it is incomplete or of a kind that cannot be served */
  readonly spec: () => CredentialSpec;
}

/** @param what names the file, address or program, and what is wrong; the subject stands last */
export function sourceFailure(reason: SourceProblem, what: string, subject: string, cause?: unknown): AppError {
  return new AppError('auth/sourceFailed', `${what}: ${subject}`, {
    details: { reason, subject },
    ...defined({ cause }),
  });
}

/** An object without the properties that are empty or undefined. */
export function present<T extends Readonly<Record<string, string | number | undefined>>>(
  values: T,
): { readonly [Key in keyof T]?: Exclude<T[Key], undefined> } {
  const kept = Object.entries(values).filter(([, value]) => value !== undefined && value !== '');
  // Only properties were taken away, so each that is left has its own type.
  return Object.fromEntries(kept) as { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };
}

/**
 * A key as STS, the metadata service and credentials URIs all spell it.
 * @throws AppError `auth/sourceFailed` (`malformed`) where something is missing; never quotes a value
 */
export function temporaryKey(fields: Readonly<Record<string, unknown>>, subject: string): Credentials {
  const { AccessKeyId, AccessKeySecret, SecurityToken, Expiration } = fields;
  if (!isText(AccessKeyId) || !isText(AccessKeySecret) || !isText(SecurityToken)) {
    throw sourceFailure('malformed', 'the answer holds no AccessKeyId, AccessKeySecret and SecurityToken', subject);
  }
  const expiresAtMs = isText(Expiration) ? Date.parse(Expiration) : Number.NaN;
  return {
    accessKeyId: AccessKeyId,
    accessKeySecret: AccessKeySecret,
    securityToken: SecurityToken,
    ...(Number.isNaN(expiresAtMs) ? {} : { expiresAtMs }),
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
