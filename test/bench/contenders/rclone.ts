import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programContender } from './programContender.ts';

const transfersAtOnce = 16;

/**
 * Reads the server as a plain web server, as it has no OSS of its own: four streams for a large object, no checksum to
 * compare with.
 */
export const rclone = programContender({
  name: 'rclone',
  proof: 'length',
  connections: 4,
  abilities: ['one', 'many'],
  candidates: ['rclone'],
  versionArgs: ['version'],
  args: ({ objects, origin, bucket, folder, stateFolder, caFile }) => {
    const [list, settings] = [join(stateFolder, 'rclone.txt'), join(stateFolder, 'rclone.conf')];
    writeFileSync(list, objects.map(({ key }) => `${key}\n`).join(''));
    writeFileSync(settings, '');
    return [
      'copy',
      ':http:',
      folder,
      '--http-url',
      `${origin}/${bucket}/`,
      '--config',
      settings,
      '--ca-cert',
      caFile,
      '--files-from-raw',
      list,
      '--no-traverse',
      '--transfers',
      String(transfersAtOnce),
      '--checkers',
      String(transfersAtOnce),
    ];
  },
});
