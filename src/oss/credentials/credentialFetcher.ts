import { createHash } from 'node:crypto';
import type { Dispatcher } from 'undici';
import { raceAbort } from '../../base/abort.ts';
import type { Logger } from '../../base/logger.ts';
import type { DispatcherHolder } from '../http/dispatcher.ts';
import type { Credentials } from '../profile.ts';
import { keyFromUri } from './credentialsUri.ts';
import { ecsRoleKey } from './ecsMetadata.ts';
import { keyFromProcess } from './externalProcess.ts';
import { KeyCache } from './keyCache.ts';
import { sourceFailure } from './credentialSpec.ts';
import type { CredentialSpec } from './credentialSpec.ts';
import { assumeRole, assumeRoleWithOidc } from './sts.ts';
import type { UserFiles } from './userFiles.ts';

export interface CredentialFetcherDeps {
  readonly dispatchers: DispatcherHolder;
  /** For addresses that no proxy reaches. */
  readonly direct: () => Dispatcher;
  readonly files: UserFiles;
  /** Whether the user lets a command run. */
  readonly mayRun: (command: string) => Promise<boolean>;
  readonly logger: Logger;
  readonly metadataOrigin: string;
}

/** Fetches keys. Those of a service or a program are kept in memory until shortly before they expire. */
export class CredentialFetcher {
  private readonly deps: CredentialFetcherDeps;
  private readonly cache: KeyCache;

  constructor(deps: CredentialFetcherDeps) {
    this.deps = deps;
    this.cache = new KeyCache(deps.logger);
  }

  /** @returns undefined for an anonymous one @throws AppError `auth/sourceFailed`, `network/*` */
  async get(spec: CredentialSpec, signal: AbortSignal): Promise<Credentials | undefined> {
    switch (spec.kind) {
      case 'anonymous':
        return undefined;
      case 'key':
        return spec.credentials;
      default:
        await this.askFirst(spec, signal);
        return this.cache.get(idOf(spec), (flight) => this.fetch(spec, flight), signal);
    }
  }

  /** The server refused this key: the next one is a new one. */
  forget(credentials: Credentials): void {
    this.cache.forget(credentials);
  }

  close(): void {
    this.cache.close();
  }

  /** The user may take longer than any service: they are asked before the time for fetching begins. */
  private async askFirst(spec: CredentialSpec, signal: AbortSignal): Promise<void> {
    const command = commandIn(spec);
    if (command !== undefined && !(await raceAbort(this.deps.mayRun(command), signal))) {
      throw sourceFailure('notAllowed', 'the command was not allowed to run', command.slice(0, 100));
    }
  }

  private async fetch(
    spec: Exclude<CredentialSpec, { kind: 'anonymous' | 'key' }>,
    signal: AbortSignal,
  ): Promise<Credentials> {
    const { dispatchers, direct, files, metadataOrigin } = this.deps;
    switch (spec.kind) {
      case 'assumeRole': {
        const base = await this.get(spec.base, signal);
        if (base === undefined) {
          throw sourceFailure('incomplete', 'an anonymous profile can assume no role', spec.role.arn);
        }
        return assumeRole(dispatchers.current(), base, spec.role, signal);
      }
      case 'oidc': {
        const { text, shownPath } = await files.read(spec.tokenFile);
        if (text.trim() === '') {
          throw sourceFailure('malformed', 'the token file is empty', shownPath);
        }
        return assumeRoleWithOidc(dispatchers.current(), spec.providerArn, text.trim(), spec.role, signal);
      }
      case 'ecsRole':
        return ecsRoleKey(direct(), spec, signal, metadataOrigin);
      case 'uri':
        return keyFromUri(dispatchers.current(), spec.uri, signal);
      case 'process':
        return keyFromProcess(spec.command, signal);
    }
  }
}

function commandIn(spec: CredentialSpec): string | undefined {
  return spec.kind === 'assumeRole' ? commandIn(spec.base) : spec.kind === 'process' ? spec.command : undefined;
}

/** A spec may hold a secret: only its hash is kept. */
function idOf(spec: CredentialSpec): string {
  return createHash('sha256').update(JSON.stringify(spec)).digest('base64');
}
