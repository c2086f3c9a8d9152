import { libraryContender } from './libraryContender.ts';

/**
 * What a careful programmer writes in twenty lines: Node's own client, 16 connections that stay open, a stream into
 * each file.
 */
export const keepAlive = libraryContender({
  name: 'node keep-alive',
  proof: 'length',
  connections: 1,
  abilities: ['many'],
  module: 'keepAlive',
  version: process.versions.node,
});
