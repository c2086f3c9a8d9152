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
import { sourceFailure } from './recipe.ts';
import type { Recipe } from './recipe.ts';
import { assumeRole, assumeRoleWithOidc } from './sts.ts';
import type { UserFiles } from './userFiles.ts';

export interface RecipeKeysSetup {
  readonly dispatchers: DispatcherHolder;
  /** For addresses that no proxy reaches. */
  readonly direct: () => Dispatcher;
  readonly files: UserFiles;
  /** Whether the user lets a command run. */
  readonly mayRun: (command: string) => Promise<boolean>;
  readonly logger: Logger;
  readonly metadataOrigin: string;
}

/**
 * Turns recipes into keys; those that a service or a program hands out are kept in memory until shortly before they
 * end.
 */
export class RecipeKeys {
  private readonly setup: RecipeKeysSetup;
  private readonly cache: KeyCache;

  constructor(setup: RecipeKeysSetup) {
    this.setup = setup;
    this.cache = new KeyCache(setup.logger);
  }

  /** @returns undefined for an anonymous one @throws AppError `auth/sourceFailed`, `network/*` */
  async get(recipe: Recipe, signal: AbortSignal): Promise<Credentials | undefined> {
    switch (recipe.kind) {
      case 'anonymous':
        return undefined;
      case 'key':
        return recipe.credentials;
      default:
        await this.askFirst(recipe, signal);
        return this.cache.get(idOf(recipe), (flight) => this.fetch(recipe, flight), signal);
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
  private async askFirst(recipe: Recipe, signal: AbortSignal): Promise<void> {
    const command = commandIn(recipe);
    if (command !== undefined && !(await raceAbort(this.setup.mayRun(command), signal))) {
      throw sourceFailure('notAllowed', 'the command was not allowed to run', command.slice(0, 100));
    }
  }

  private async fetch(
    recipe: Exclude<Recipe, { kind: 'anonymous' | 'key' }>,
    signal: AbortSignal,
  ): Promise<Credentials> {
    const { dispatchers, direct, files, metadataOrigin } = this.setup;
    switch (recipe.kind) {
      case 'assumeRole': {
        const base = await this.get(recipe.base, signal);
        if (base === undefined) {
          throw sourceFailure('incomplete', 'an anonymous profile can assume no role', recipe.role.arn);
        }
        return assumeRole(dispatchers.current(), base, recipe.role, signal);
      }
      case 'oidc': {
        const { text, shownPath } = await files.read(recipe.tokenFile);
        if (text.trim() === '') {
          throw sourceFailure('malformed', 'the token file is empty', shownPath);
        }
        return assumeRoleWithOidc(dispatchers.current(), recipe.providerArn, text.trim(), recipe.role, signal);
      }
      case 'ecsRole':
        return ecsRoleKey(direct(), recipe, signal, metadataOrigin);
      case 'uri':
        return keyFromUri(dispatchers.current(), recipe.uri, signal);
      case 'process':
        return keyFromProcess(recipe.command, signal);
    }
  }
}

function commandIn(recipe: Recipe): string | undefined {
  return recipe.kind === 'assumeRole' ? commandIn(recipe.base) : recipe.kind === 'process' ? recipe.command : undefined;
}

/** A recipe may hold a secret: only its hash is kept. */
function idOf(recipe: Recipe): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('base64');
}
