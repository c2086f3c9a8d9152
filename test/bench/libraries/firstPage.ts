import { createRequire } from 'node:module';
import { join } from 'node:path';
import { projectFolder } from '../../../scripts/install.mjs';
import { silentLogger } from '../../support/silentLogger.ts';
import type { AliOssModule } from '../../../src/oss/api/lazyOssAccess.ts';
import { defaultUser } from '../../server/signing/users.ts';
import type { Job } from '../job.ts';
import type { Prepared } from './hostProtocol.ts';

const pageSize = 500;

/** What happens when a bucket is unfolded for the first time: the bundle is loaded, the first page is listed. */
export function prepare({ origin, bucket }: Job): Promise<Prepared> {
  return Promise.resolve({
    run: async () => {
      const { createAliOssAccess } = createRequire(import.meta.url)(
        join(projectFolder, 'dist/aliOss.cjs'),
      ) as AliOssModule;
      const access = createAliOssAccess({
        profiles: {
          profile: (name) => ({ name, credentials: 'accessKey', endpoint: origin, region: 'cn-hangzhou' }),
          storedCredentials: () => Promise.resolve(defaultUser),
          mayRun: () => Promise.resolve(false),
        },
        network: { noProxy: [], strictTls: true, extraCertificates: [] },
        logger: silentLogger,
        pageSize: () => pageSize,
      });
      const { items } = await access.listEntries(
        { profile: 'bench', bucket },
        '',
        undefined,
        new AbortController().signal,
      );
      if (items.length === 0) {
        throw new Error(`an empty page: ${bucket}`);
      }
    },
  });
}
