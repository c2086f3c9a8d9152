import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programContender } from './programContender.ts';

const transfersAtOnce = 16;

/** One connection an object; many objects by as many keep-alive connections as others are given. */
export const curl = programContender({
  name: 'curl',
  proof: 'length',
  connections: 1,
  abilities: ['one', 'many', 'resume'],
  candidates: ['curl'],
  versionArgs: ['--version'],
  args: ({ objects, stateFolder, caFile }) => {
    const list = join(stateFolder, 'curl.txt');
    writeFileSync(list, objects.map(({ url, path }) => `url = "${url}"\noutput = "${path}"\n`).join(''));
    const manner =
      objects.length === 1 ? ['--continue-at', '-'] : ['--parallel', '--parallel-max', String(transfersAtOnce)];
    return ['--silent', '--show-error', '--fail', '--cacert', caFile, ...manner, '--config', list];
  },
});
