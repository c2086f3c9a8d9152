import type { Logger } from '../../base/logger.ts';
import type { Credentials } from '../../oss/profile.ts';
import type { KeptUrls } from '../../download/transfer/urlSource.ts';

/** What is needed of `vscode.SecretStorage`. */
export interface SecretBox {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/**
 * `stored`: kept until it is removed. `session`: secret storage failed, so it is known to this window until it closes.
 */
export type Kept = 'stored' | 'session';

/**
 * Texts in secret storage, by key. A machine without a keyring may refuse to store anything: then they are kept in
 * memory, and the caller may tell the user.
 */
export class SecretTexts {
  private readonly box: SecretBox;
  private readonly logger: Logger;
  private readonly what: string;
  private readonly session = new Map<string, string>();

  /** @param what is kept, for the log: `the credentials` */
  constructor(box: SecretBox, logger: Logger, what: string) {
    this.box = box;
    this.logger = logger;
    this.what = what;
  }

  /** Undefined where there is none, or it cannot be read. */
  async load(key: string): Promise<string | undefined> {
    try {
      return this.session.get(key) ?? (await this.box.get(key));
    } catch (error) {
      this.warn('secret storage cannot be read', error);
      return undefined;
    }
  }

  async save(key: string, text: string): Promise<Kept> {
    try {
      await this.box.store(key, text);
      this.session.delete(key);
      return 'stored';
    } catch (error) {
      this.warn(`secret storage cannot be written, ${this.what} will be known until this window closes`, error);
      this.session.set(key, text);
      return 'session';
    }
  }

  async remove(key: string): Promise<void> {
    this.session.delete(key);
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

/** The credentials of profiles, each one JSON text. */
export class CredentialVault {
  private readonly texts: SecretTexts;

  constructor(box: SecretBox, logger: Logger) {
    this.texts = new SecretTexts(box, logger, 'the credentials');
  }

  async load(profile: string): Promise<Credentials | undefined> {
    return decodeCredentials(await this.texts.load(credentialsKey(profile)));
  }

  async save(profile: string, credentials: Credentials): Promise<Kept> {
    return this.texts.save(credentialsKey(profile), JSON.stringify(credentials));
  }

  async remove(profile: string): Promise<void> {
    await this.texts.remove(credentialsKey(profile));
  }
}

function credentialsKey(profile: string): string {
  return `credentials:${profile}`;
}

/** Anything but what `save` wrote counts as nothing: the user is asked to enter it again. */
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
    // The parser's message would quote the secret.
    return {};
  }
}

/**
 * The complete URLs of unfinished downloads, because the query of a signed URL is a credential. Where secret storage
 * fails the user is asked for the URL again after a restart.
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
