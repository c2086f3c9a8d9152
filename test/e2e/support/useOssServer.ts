import { addSampleData } from '../../server/objects/sampleData.ts';
import { startOssServer } from '../../server/ossServer.ts';
import type { OssServer } from '../../server/ossServer.ts';

/**
 * Called inside a `describe`, before `useEditor`: a local OSS server with the sample buckets, from before its tests
 * until after them. Faults and the log of requests are new for each test.
 *
 * @returns gives the server, inside tests and hooks
 */
export function useOssServer(): () => OssServer {
  let server: OssServer | undefined;
  before(async () => {
    server = await startOssServer();
    addSampleData(server.store);
  });
  beforeEach(() => {
    server?.faults.clear();
    server?.requests.clear();
  });
  after(async () => {
    await server?.close();
    server = undefined;
  });
  return () => {
    if (server === undefined) throw new Error('The OSS server is there only while tests run.');
    return server;
  };
}
