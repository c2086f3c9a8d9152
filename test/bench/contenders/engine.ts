import { libraryContender } from './libraryContender.ts';

/** This project's engine, as a user has it who has changed no setting. */
export const engine = libraryContender({
  name: 'ours',
  proof: 'CRC-64',
  connections: 16,
  abilities: ['one', 'many', 'resume'],
  module: 'engine',
  stops: true,
});
