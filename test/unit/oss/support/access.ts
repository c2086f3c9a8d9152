import { AppError } from '../../../../src/base/errors.ts';
import { silentLogger } from '../../../support/silentLogger.ts';
import type { Logger } from '../../../../src/base/logger.ts';
import { createAliOssAccess } from '../../../../src/oss/api/ossAccess.ts';
import type { OssAccess } from '../../../../src/oss/api/ossAccess.ts';
import type { NetworkSettings } from '../../../../src/oss/networkSettings.ts';
import type { Page } from '../../../../src/oss/objectLister.ts';
import type { Credentials, Profile, ProfileProvider } from '../../../../src/oss/profile.ts';
import { defaultUser } from '../../../server/signing/users.ts';
import { directNetwork } from './answers.ts';

export const never: AbortSignal = new AbortController().signal;

export const goodCredentials: Credentials = {
  accessKeyId: defaultUser.accessKeyId,
  accessKeySecret: defaultUser.accessKeySecret,
};

/** A profile and its credentials, both of which a test may replace at any time. */
export interface OneProfile extends ProfileProvider {
  current: Omit<Profile, 'name' | 'credentials'>;
  secret: Credentials | undefined;
}

export function oneProfile(
  current: OneProfile['current'],
  secret: Credentials | undefined = goodCredentials,
): OneProfile {
  return {
    current,
    secret,
    profile(name) {
      if (name !== 'p') {
        throw new AppError('input/unknownProfile', `there is no profile: ${name}`);
      }
      return { name, credentials: this.secret === undefined ? 'anonymous' : 'accessKey', ...this.current };
    },
    storedCredentials() {
      return Promise.resolve(this.secret);
    },
    mayRun: () => Promise.resolve(false),
  };
}

export function accessTo(
  profiles: ProfileProvider,
  options: { readonly pageSize?: number; readonly network?: NetworkSettings; readonly logger?: Logger } = {},
): OssAccess {
  const { pageSize = 500, network = directNetwork, logger = silentLogger } = options;
  return createAliOssAccess({ profiles, network, logger, pageSize: () => pageSize });
}

/** All pages, one after the other; how many there were stands in `pages`. */
export async function allPages<T>(
  read: (after: string | undefined) => Promise<Page<T>>,
): Promise<{ readonly items: readonly T[]; readonly pages: number }> {
  const items: T[] = [];
  let after: string | undefined;
  let pages = 0;
  do {
    const page = await read(after);
    items.push(...page.items);
    pages++;
    after = page.next;
  } while (after !== undefined);
  return { items, pages };
}
