import type { Credentials } from '../profile.ts';

/** Whether two are one key; a temporary key is its token too. */
export function isSameKey(a: Credentials, b: Credentials): boolean {
  return (
    a.accessKeyId === b.accessKeyId && a.accessKeySecret === b.accessKeySecret && a.securityToken === b.securityToken
  );
}
