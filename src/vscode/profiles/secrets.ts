import type { Logger } from '../../base/logger.ts';
import type { Credentials } from '../../oss/profile.ts';
import type { KeptUrls } from '../../download/transfer/urlProvider.ts';

/** The part of `vscode.SecretStorage` in use. */
export interface SecretBox {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** `stored`: persisted. `memory`: secret storage failed, so this window keeps it in memory until it closes. */
export type StorageOutcome = 'stored' | 'memory';

/**
 * Texts in secret storage, by key. Without a keyring secret storage may fail: then they stay in memory, and the caller
 * can inform the user.
 */
export class SecretTexts {
  private readonly box: SecretBox;
  private readonly logger: Logger;
  private readonly what: string;
  private readonly inMemory = new Map<string, string>();

  /** @param what describes the content in the log: `the credentials` */
  constructor(box: SecretBox, logger: Logger, what: string) {
    this.box = box;
    this.logger = logger;
    this.what = what;
  }

  /** @returns undefined if absent or unreadable */
  async load(key: string): Promise<string | undefined> {
    try {
      return this.inMemory.get(key) ?? (await this.box.get(key));
    } catch (error) {
      this.warn('secret storage cannot be read', error);
      return undefined;
    }
  }

  async save(key: string, text: string): Promise<StorageOutcome> {
    try {
      await this.box.store(key, text);
      this.inMemory.delete(key);
      return 'stored';
    } catch (error) {
      this.warn(`secret storage cannot be written, ${this.what} will be known until this window closes`, error);
      this.inMemory.set(key, text);
      return 'memory';
    }
  }

  async remove(key: string): Promise<void> {
    this.inMemory.delete(key);
    try {
      await this.box.delete(key);
    } catch (error) {
      this.warn('secret storage cannot be written, an old entry may remain', error);
    }
  }

  private warn(what: string, error: unknown): void {
    this.logger.log('warn', `${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Credentials of profiles, as JSON texts. */
export class CredentialVault {
  private readonly texts: SecretTexts;

  constructor(box: SecretBox, logger: Logger) {
    this.texts = new SecretTexts(box, logger, 'the credentials');
  }

  async load(profile: string): Promise<Credentials | undefined> {
    return decodeCredentials(await this.texts.load(credentialsKey(profile)));
  }

  async save(profile: string, credentials: Credentials): Promise<StorageOutcome> {
    return this.texts.save(credentialsKey(profile), JSON.stringify(credentials));
  }

  async remove(profile: string): Promise<void> {
    await this.texts.remove(credentialsKey(profile));
  }
}

function credentialsKey(profile: string): string {
  return `credentials:${profile}`;
}

/** @returns undefined for a text that `save` did not write; the user is then asked again */
function decodeCredentials(text: string | undefined): Credentials | undefined {
  if (text === undefined) {
    return undefined;
  }
  const { accessKeyId, accessKeySecret, securityToken, expiresAtMs } = parseObject(text);
  if (typeof accessKeyId !== 'string' || typeof accessKeySecret !== 'string') {
    return undefined;
  }
  return {
    accessKeyId,
    accessKeySecret,
    ...(typeof securityToken === 'string' ? { securityToken } : {}),
    ...(typeof expiresAtMs === 'number' ? { expiresAtMs } : {}),
  };
}

function parseObject(text: string): Partial<Record<keyof Credentials, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // The error is dropped, since the parser's message quotes the secret.
    return {};
  }
}

/**
 * Complete URLs of unfinished downloads: the query of a signed URL is a credential. If secret storage fails, the user
 * is asked for the URL again after a restart.
 */
export class UrlVault implements KeptUrls {
  private readonly texts: SecretTexts;

  constructor(box: SecretBox, logger: Logger) {
    this.texts = new SecretTexts(box, logger, 'a URL');
  }

  /** @param id of the download */
  async load(id: string): Promise<string | undefined> {
    return this.texts.load(urlKey(id));
  }

  async save(id: string, url: string): Promise<void> {
    await this.texts.save(urlKey(id), url);
  }

  async remove(id: string): Promise<void> {
    await this.texts.remove(urlKey(id));
  }
}

function urlKey(id: string): string {
  return `url:${id}`;
}
