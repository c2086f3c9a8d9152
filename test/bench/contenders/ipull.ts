import { libraryContender } from './libraryContender.ts';

/** With as many parallel streams as it chooses by itself. */
export const ipull = libraryContender({
  name: 'ipull',
  proof: 'length',
  connections: 3,
  abilities: ['one', 'resume'],
  module: 'ipull',
  npmPackage: 'ipull',
});
