import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { distFolder } from '../../../scripts/support/bundle.ts';
import { packageExtension } from '../../../scripts/tasks/package.ts';
import type { Series } from '../results.ts';
import type { Workload } from './workload.ts';

/** What everybody downloads and every start of the editor reads. */
export const sizes: Workload = {
  name: 'sizes',
  objects: () => [],
  run: async (bench) => {
    const vsix = statSync(await packageExtension(bench.newFolder())).size;
    const bundles = readdirSync(distFolder).map((name) => ({ name, bytes: statSync(join(distFolder, name)).size }));
    return {
      name: 'sizes',
      title: 'Sizes',
      about: 'The extension as it is packaged; only the entry bundle is read when the editor starts.',
      figures: [{ name: 'kB', digits: 0 }],
      series: [
        ...bundles.map(({ name, bytes }) => row(`dist/${name}`, bytes)),
        row(
          'all bundles',
          bundles.reduce((sum, { bytes }) => sum + bytes, 0),
        ),
        row('.vsix', vsix),
      ],
    };
  },
};

function row(contender: string, bytes: number): Series {
  return { contender, runs: [{ kB: bytes / 1000 }] };
}
