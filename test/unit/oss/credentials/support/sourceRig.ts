import { AppError } from '../../../../../src/base/errors.ts';
import { createAliOssAccess } from '../../../../../src/oss/api/ossAccess.ts';
import type { OssAccess } from '../../../../../src/oss/api/ossAccess.ts';
import type { Environment } from '../../../../../src/oss/credentials/environmentSource.ts';
import type { Credentials, Profile } from '../../../../../src/oss/profile.ts';
import { startOssServer } from '../../../../server/ossServer.ts';
import type { OssServer } from '../../../../server/ossServer.ts';
import { tempFolder } from '../../../../support/tempFolder.ts';
import { directNetwork } from '../../support/answers.ts';
import { startFakeServices } from './fakeServices.ts';
import type { FakeServices } from './fakeServices.ts';

/** A machine with a home folder, an environment and services that hand out keys, and an OSS server that knows them. */
export interface SourceRig {
  readonly server: OssServer;
  readonly services: FakeServices;
  readonly home: string;
  readonly environment: Record<string, string | undefined>;
  readonly profiles: Map<string, Profile>;
  readonly lines: string[];
  readonly oss: OssAccess;
  /** The server accepts only the keys numbered so by the services, beside the long-term one. */
  accept(...numbers: readonly number[]): void;
  close(): Promise<void>;
}

export const longTermKey: Credentials = { accessKeyId: 'a', accessKeySecret: 'secret' };

export async function startSourceRig(): Promise<SourceRig> {
  const server = await startOssServer({ users: [longTermKey], buckets: { 'bucket-1': {} } });
  server.store.bucket('bucket-1').put('k.txt', { text: 'some text' });
  const services = await startFakeServices();
  const folder = tempFolder();
  const environment: Record<string, string | undefined> = {};
  const profiles = new Map<string, Profile>();
  const lines: string[] = [];
  const machineEnvironment: Environment = environment;
  const oss = createAliOssAccess({
    profiles: {
      profile: (name) => profiles.get(name) ?? unknown(name),
      storedCredentials: () => Promise.resolve(longTermKey),
      mayRun: () => Promise.resolve(true),
    },
    network: directNetwork,
    logger: { log: (level, message) => void lines.push(`${level} ${message}`) },
    pageSize: () => 100,
    machine: { home: folder.path, environment: machineEnvironment, metadataOrigin: services.origin },
  });
  return {
    server,
    services,
    home: folder.path,
    environment,
    profiles,
    lines,
    oss,
    accept(...numbers) {
      const temporary = numbers.map((number) => ({
        accessKeyId: `STS.${number}`,
        accessKeySecret: `secret-${number}`,
        securityToken: `token-${number}`,
      }));
      server.settings.users = [longTermKey, ...temporary];
    },
    async close() {
      await oss.close();
      await services.close();
      await server.close();
      folder.remove();
    },
  };
}

function unknown(name: string): never {
  throw new AppError('input/unknownProfile', `there is no profile: ${name}`);
}
