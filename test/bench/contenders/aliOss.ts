import { libraryContender } from './libraryContender.ts';

/** Alibaba's own library for Node: `get` into a file. */
export const aliOss = libraryContender({
  name: 'ali-oss get',
  proof: 'length',
  connections: 1,
  abilities: ['one'],
  module: 'aliOss',
  npmPackage: 'ali-oss',
});
