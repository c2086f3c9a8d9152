import { createWriteStream, readFileSync } from 'node:fs';
import { Agent as HttpAgent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, get as getSecurely } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { Job, JobObject } from '../job.ts';
import type { Prepared } from './hostProtocol.ts';

const connections = 16;

export function prepare({ objects, origin, caFile }: Job): Promise<Prepared> {
  const isSecure = origin.startsWith('https:');
  const options = { keepAlive: true, maxSockets: connections };
  const [agent, secureAgent] = [new HttpAgent(options), new HttpsAgent({ ...options, ca: readFileSync(caFile) })];
  const open = (url: string): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const request = isSecure ? getSecurely(url, { agent: secureAgent }, resolve) : get(url, { agent }, resolve);
      request.on('error', reject);
    });
  const queue = [...objects];
  const fetchSome = async (): Promise<void> => {
    for (let object = queue.shift(); object !== undefined; object = queue.shift()) {
      await fetchOne(object, await open(object.url));
    }
  };
  return Promise.resolve({
    run: async () => {
      await Promise.all(Array.from({ length: connections }, fetchSome));
    },
  });
}

async function fetchOne({ key, path }: JobObject, answer: IncomingMessage): Promise<void> {
  if (answer.statusCode !== 200) {
    throw new Error(`status ${answer.statusCode ?? 0}: ${key}`);
  }
  await pipeline(answer, createWriteStream(path));
}
