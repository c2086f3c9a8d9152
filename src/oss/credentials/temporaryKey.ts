import type { Credentials } from '../profile.ts';
import { sourceFailure } from './recipe.ts';

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
