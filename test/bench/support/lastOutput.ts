import type { Readable } from 'node:stream';

const keptCharacters = 2000;

/** Listens to a child's output. @returns a function that tells the end of what it said so far, for error messages */
export function lastOutput(streams: readonly (Readable | null)[]): () => string {
  let text = '';
  for (const stream of streams) {
    stream?.on('data', (bytes: Buffer) => {
      text = `${text}${bytes.toString()}`.slice(-keptCharacters);
    });
  }
  return () => text.trim();
}
