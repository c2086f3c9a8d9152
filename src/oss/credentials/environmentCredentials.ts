import type { Credentials } from '../profile.ts';

/**
 * What OSS's own tools read: `OSS_ACCESS_KEY_ID`, `OSS_ACCESS_KEY_SECRET` and, for a temporary key, `OSS_SESSION_TOKEN`.
 * @param env such as `process.env`; read anew each time, since a terminal's environment can be another one
 * @returns undefined unless both parts of the key are there
 */
export function environmentCredentials(env: Readonly<Record<string, string | undefined>>): Credentials | undefined {
  const read = (name: string): string => env[name]?.trim() ?? '';
  const accessKeyId = read('OSS_ACCESS_KEY_ID');
  const accessKeySecret = read('OSS_ACCESS_KEY_SECRET');
  const securityToken = read('OSS_SESSION_TOKEN');
  if (accessKeyId === '' || accessKeySecret === '') {
    return undefined;
  }
  return { accessKeyId, accessKeySecret, ...(securityToken === '' ? {} : { securityToken }) };
}
