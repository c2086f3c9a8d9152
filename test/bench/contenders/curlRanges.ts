import { createReadStream, createWriteStream, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { JobObject } from '../job.ts';
import { programContender } from './programContender.ts';

const connections = 16;

/**
 * One process of curl with a connection for each sixteenth of an object: no downloader, but what so many connections
 * carry. The pieces are put together behind the time that counts.
 */
export const curlRanges = programContender({
  name: `curl x${connections}`,
  proof: 'length',
  connections,
  abilities: ['ranges'],
  candidates: ['curl'],
  versionArgs: ['--version'],
  args: ({ objects, stateFolder, caFile }) => {
    const list = join(stateFolder, 'curl.txt');
    const piece = (object: JobObject, index: number): string => {
      const { start, end } = rangeOf(object, index);
      return (
        `url = "${object.url}"\nrange = "${start}-${end - 1}"\noutput = "${pieceOf(object, index)}"\ncacert = ` +
        `"${caFile}"\nfail\n`
      );
    };
    writeFileSync(list, objects.flatMap((object) => pieces.map((index) => piece(object, index))).join('next\n'));
    return [
      '--silent',
      '--show-error',
      '--parallel',
      '--parallel-immediate',
      '--parallel-max',
      String(connections),
      '--config',
      list,
    ];
  },
  afterwards: async ({ objects }) => {
    for (const object of objects) {
      for (const index of pieces) {
        await pipeline(createReadStream(pieceOf(object, index)), createWriteStream(object.path, { flags: 'a' }));
        await rm(pieceOf(object, index));
      }
    }
  },
});

const pieces = Array.from({ length: connections }, (_, index) => index);

function pieceOf({ path }: JobObject, index: number): string {
  return `${path}.${index}`;
}

/** Half-open, in bytes. */
function rangeOf({ sizeBytes }: JobObject, index: number): { readonly start: number; readonly end: number } {
  const border = (at: number): number => Math.floor((sizeBytes * at) / connections);
  return { start: border(index), end: border(index + 1) };
}
