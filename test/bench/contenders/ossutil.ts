import { join } from 'node:path';
import { programContender } from './programContender.ts';

/** Alibaba's own tool, version 1. Nobody checks what it signs with. */
export const ossutil = programContender({
  name: 'ossutil',
  proof: 'CRC-64',
  connections: 16,
  abilities: ['one', 'resume'],
  candidates: ['ossutil', 'ossutil64'],
  versionArgs: ['--version'],
  args: ({ objects, bucket, origin, stateFolder }) => [
    'cp',
    `oss://${bucket}/${objects[0]?.key ?? ''}`,
    objects[0]?.path ?? '',
    '--force',
    '--endpoint',
    origin,
    '--access-key-id',
    'anybody',
    '--access-key-secret',
    'anything',
    '--parallel',
    '16',
    '--checkpoint-dir',
    join(stateFolder, 'checkpoints'),
    '--output-dir',
    stateFolder,
  ],
  env: ({ caFile }) => ({ SSL_CERT_FILE: caFile }),
});
