import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Contender } from './contender.ts';
import { programContender } from './programContender.ts';

const transfersAtOnce = 16;

/** aria2c with so many connections to one object; 16 is the most that it takes. */
export function aria2c(connections: number): Contender {
  return programContender({
    name: `aria2c -x${connections}`,
    proof: 'length',
    connections,
    abilities: connections === transfersAtOnce ? ['one', 'many', 'resume'] : ['one', 'resume'],
    candidates: ['aria2c'],
    versionArgs: ['--version'],
    args: ({ objects, stateFolder, caFile }) => {
      const list = join(stateFolder, 'aria2c.txt');
      writeFileSync(
        list,
        objects.map(({ url, path }) => `${url}\n  dir=${dirname(path)}\n  out=${basename(path)}\n`).join(''),
      );
      return [
        '--no-conf',
        '--quiet',
        `--ca-certificate=${caFile}`,
        `--input-file=${list}`,
        `--split=${connections}`,
        `--max-connection-per-server=${connections}`,
        '--min-split-size=1M',
        `--max-concurrent-downloads=${transfersAtOnce}`,
        '--continue=true',
        '--file-allocation=none',
      ];
    },
  });
}
