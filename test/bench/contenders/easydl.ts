import { libraryContender } from './libraryContender.ts';

/** With the connections that it has by default. */
export const easydl = libraryContender({
  name: 'easydl',
  proof: 'length',
  connections: 5,
  abilities: ['one', 'resume'],
  module: 'easydl',
  npmPackage: 'easydl',
});
