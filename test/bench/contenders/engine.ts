import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../../scripts/install.mjs';
import { libraryContender } from './libraryContender.ts';

const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as {
  readonly version: string;
};

/** This project's engine, as a user has it who has changed no setting. */
export const engine = libraryContender({
  name: 'ours',
  proof: 'CRC-64',
  connections: 16,
  abilities: ['one', 'many', 'resume'],
  module: 'engine',
  version,
  stops: true,
});
