import type { Logger } from '../base/logger.ts';
import type { KeptUrls } from '../download/keptUrls.ts';
import type { SecretBox } from './secrets.ts';

/**
 * The complete URLs of unfinished downloads, because the query of a signed URL is a credential: in secret storage only,
 * and, where that fails, in memory until the window closes. Then the user is asked for the URL again after a restart.
 */
export class UrlVault implements KeptUrls {
  private readonly box: SecretBox;
  private readonly logger: Logger;
  private readonly session = new Map<string, string>();

  constructor(box: SecretBox, logger: Logger) {
    this.box = box;
    this.logger = logger;
  }

  /** @param id of the download */
  async load(id: string): Promise<string | undefined> {
    const kept = this.session.get(id);
    if (kept !== undefined) {
      return kept;
    }
    try {
      return await this.box.get(secretKey(id));
    } catch (error) {
      this.warn('secret storage cannot be read', error);
      return undefined;
    }
  }

  async save(id: string, url: string): Promise<void> {
    try {
      await this.box.store(secretKey(id), url);
      this.session.delete(id);
    } catch (error) {
      this.warn('secret storage cannot be written, a URL is kept until this window closes', error);
      this.session.set(id, url);
    }
  }

  async remove(id: string): Promise<void> {
    this.session.delete(id);
    try {
      await this.box.delete(secretKey(id));
    } catch (error) {
      this.warn('secret storage cannot be written, an old URL may remain', error);
    }
  }

  private warn(what: string, error: unknown): void {
    this.logger.log('warn', `${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function secretKey(id: string): string {
  return `url:${id}`;
}
