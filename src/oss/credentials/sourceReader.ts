import { defined } from '../../base/defined.ts';
import { AppError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import type { ExternalSource, ProfileProvider } from '../profile.ts';
import { parseAliyunCliConfig } from './aliyunCliConfig.ts';
import { environmentSource } from './environmentSource.ts';
import type { Environment } from './environmentSource.ts';
import { parseOssutilConfig } from './ossutilConfig.ts';
import { present, sourceFailure } from './recipe.ts';
import type { Recipe, SourceEntry, SourcePlace } from './recipe.ts';
import type { UserFile, UserFiles } from './userFiles.ts';

export const ossutilFile = '~/.ossutilconfig';
export const aliyunCliFile = '~/.aliyun/config.json';

/** What a source says right now. */
export interface SourceReading {
  readonly recipe: Recipe;
  readonly place: SourcePlace;
  /** Buckets that are reached in another way. */
  readonly buckets?: ReadonlyMap<string, SourcePlace>;
}

/** Reads the sources of profiles, each time anew: what another program writes counts at once. */
export class SourceReader {
  private readonly profiles: ProfileProvider;
  private readonly files: UserFiles;
  private readonly environment: Environment;
  private readonly logger: Logger;
  private readonly warned = new Set<string>();

  constructor(profiles: ProfileProvider, files: UserFiles, environment: Environment, logger: Logger) {
    this.profiles = profiles;
    this.files = files;
    this.environment = environment;
    this.logger = logger;
  }

  /** @throws AppError `auth/missingCredentials`, `auth/sourceFailed`, `input/unknownProfile` */
  async read(profileName: string): Promise<SourceReading> {
    const { credentials } = this.profiles.profile(profileName);
    switch (credentials) {
      case 'anonymous':
        return { recipe: { kind: 'anonymous' }, place: {} };
      case 'environment':
        return this.readEnvironment();
      case 'accessKey': {
        const stored = await this.profiles.storedCredentials(profileName);
        return {
          recipe: stored === undefined ? missingKey(profileName) : { kind: 'key', credentials: stored },
          place: {},
        };
      }
      default:
        return this.readExternal(credentials, [profileName]);
    }
  }

  private async readExternal(source: ExternalSource, users: readonly string[]): Promise<SourceReading> {
    switch (source.from) {
      case 'ossutil': {
        const file = await this.open(source.file ?? ossutilFile);
        return reading(entryNamed(parseOssutilConfig(file.text, file.shownPath), source.profile ?? '', file.shownPath));
      }
      case 'aliyunCli':
        return this.readCli(source.file ?? aliyunCliFile, source.profile);
      case 'ecsRole':
        return { recipe: { kind: 'ecsRole', ...present({ role: source.role }) }, place: {} };
      case 'oidc': {
        const { roleArn: arn, providerArn, tokenFile, sessionName, policy, durationSeconds, stsEndpoint } = source;
        return {
          recipe: {
            kind: 'oidc',
            role: { arn, ...present({ sessionName, policy, durationSeconds, stsEndpoint }) },
            providerArn,
            tokenFile,
          },
          place: {},
        };
      }
      case 'assumeRole': {
        const { roleArn: arn, externalId, sessionName, policy, durationSeconds, stsEndpoint } = source;
        if (users.includes(source.profile)) {
          throw sourceFailure('incomplete', 'the profiles that assume roles go in a circle', source.profile);
        }
        const base = this.profiles.profile(source.profile).credentials;
        const { recipe } =
          typeof base === 'object'
            ? await this.readExternal(base, [...users, source.profile])
            : await this.read(source.profile);
        return {
          recipe: {
            kind: 'assumeRole',
            base: recipe,
            role: { arn, ...present({ externalId, sessionName, policy, durationSeconds, stsEndpoint }) },
          },
          place: {},
        };
      }
      case 'uri':
        return { recipe: { kind: 'uri', uri: source.uri }, place: {} };
      case 'process':
        return { recipe: { kind: 'process', command: source.command }, place: {} };
    }
  }

  private async readEnvironment(): Promise<SourceReading> {
    const found = environmentSource(this.environment);
    if (found === undefined) {
      throw sourceFailure(
        'incomplete',
        'no variable holds or names a key',
        'OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET, ALIBABA_CLOUD_*',
      );
    }
    if (found.kind === 'recipe') {
      return found;
    }
    const { recipe, place } = await this.readCli(aliyunCliFile, found.profile);
    return { recipe, place: { ...place, ...found.place } };
  }

  private async readCli(path: string, name: string | undefined): Promise<SourceReading> {
    const file = await this.open(path);
    const { current, entries } = parseAliyunCliConfig(file.text, file.shownPath, Date.now());
    return reading(entryNamed(entries, name ?? current, file.shownPath));
  }

  private async open(path: string): Promise<UserFile> {
    const file = await this.files.read(path);
    if (file.isOpenToOthers && !this.warned.has(file.shownPath)) {
      this.warned.add(file.shownPath);
      this.logger.log(
        'warn',
        `other users of this computer can read a file with credentials, "chmod 600" closes it: ${file.shownPath}`,
      );
    }
    return file;
  }
}

function entryNamed(entries: readonly SourceEntry[], name: string, file: string): SourceEntry {
  const entry = entries.find((each) => each.name === name);
  if (entry === undefined) {
    throw sourceFailure('incomplete', 'the file has no such profile', name === '' ? file : `${file} (${name})`);
  }
  return entry;
}

function reading({ recipe, place, buckets }: SourceEntry): SourceReading {
  return { recipe: recipe(), place, ...defined({ buckets }) };
}

function missingKey(name: string): never {
  throw new AppError('auth/missingCredentials', `secret storage has no access key: ${name}`, {
    details: { subject: name },
  });
}
