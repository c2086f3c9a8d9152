import { downloadFile } from 'ipull';
import type { Job } from '../job.ts';
import type { Prepared } from './hostProtocol.ts';

export function prepare({ objects }: Job): Promise<Prepared> {
  return Promise.resolve({
    run: async () => {
      for (const { url, path } of objects) {
        const download = await downloadFile({ url, savePath: path, cliProgress: false });
        await download.download();
      }
    },
  });
}
