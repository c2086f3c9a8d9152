import { parentPort, workerData } from 'node:worker_threads';
import { createHttpObjectReader } from '../../oss/http/httpObjectReader.ts';
import { DownloadServer } from './engineServer.ts';
import type { WorkerSetup } from './protocol.ts';

/** Entry point of the download worker's bundle; wires the HTTP adapter into the engine. */
async function main(setup: WorkerSetup): Promise<void> {
  if (parentPort === null) {
    throw new Error('the download worker runs in a worker thread only');
  }
  await new DownloadServer(setup, createHttpObjectReader(setup.network), parentPort).ready();
}

// the cast: passed by WorkerClient
main(workerData as WorkerSetup).catch((error: unknown) => {
  // outside the promise: ends the thread with an `error` event, which the extension host reports
  setImmediate(() => {
    throw error;
  });
});
