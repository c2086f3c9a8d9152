import type { Logger } from '../base/logger.ts';
import type { Credentials } from '../oss/profile.ts';

/** What is needed of `vscode.SecretStorage`. */
export interface SecretBox {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** `stored`: kept until it is removed. `session`: secret storage failed, so it is known to this window until it closes. */
export type Kept = 'stored' | 'session';

/**
 * The credentials of profiles, each one JSON text in secret storage. A machine without a keyring may refuse to store
 * anything: then they are kept in memory, and the caller tells the user.
 */
export class CredentialVault {
  private readonly box: SecretBox;
  private readonly logger: Logger;
  private readonly session = new Map<string, Credentials>();

  constructor(box: SecretBox, logger: Logger) {
    this.box = box;
    this.logger = logger;
  }

  async load(profile: string): Promise<Credentials | undefined> {
    const kept = this.session.get(profile);
    if (kept !== undefined) {
      return kept;
    }
    try {
      return decodeCredentials(await this.box.get(secretKey(profile)));
    } catch (error) {
      this.warn('secret storage cannot be read', error);
      return undefined;
    }
  }

  async save(profile: string, credentials: Credentials): Promise<Kept> {
    try {
      await this.box.store(secretKey(profile), JSON.stringify(credentials));
      this.session.delete(profile);
      return 'stored';
    } catch (error) {
      this.warn('secret storage cannot be written, the credentials are kept until this window closes', error);
      this.session.set(profile, credentials);
      return 'session';
    }
  }

  async remove(profile: string): Promise<void> {
    this.session.delete(profile);
    try {
      await this.box.delete(secretKey(profile));
    } catch (error) {
      this.warn('secret storage cannot be written, an old entry may remain', error);
    }
  }

  private warn(what: string, error: unknown): void {
    this.logger.log('warn', `${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function secretKey(profile: string): string {
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
