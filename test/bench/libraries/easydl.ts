import EasyDl from 'easydl';
import type { Job } from '../job.ts';
import type { Prepared } from './hostProtocol.ts';

export function prepare({ objects }: Job): Promise<Prepared> {
  return Promise.resolve({
    run: async () => {
      for (const { url, path } of objects) {
        await new EasyDl(url, path).wait();
      }
    },
  });
}
