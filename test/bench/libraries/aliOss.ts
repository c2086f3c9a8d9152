import OSS from 'ali-oss';
import type { Job } from '../job.ts';
import type { Prepared } from './hostProtocol.ts';

export function prepare({ objects, origin, bucket }: Job): Promise<Prepared> {
  const client = new OSS({
    endpoint: origin,
    bucket,
    accessKeyId: 'anybody',
    accessKeySecret: 'anything',
    timeout: 3_600_000,
  });
  return Promise.resolve({
    run: async () => {
      for (const { key, path } of objects) {
        await client.get(key, path);
      }
    },
  });
}
