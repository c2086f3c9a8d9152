import type { Logger } from '../base/logger.ts';
import type { KeptUrls } from '../download/keptUrls.ts';
import { type SecretBox, SecretTexts } from './secrets.ts';

/**
 * The complete URLs of unfinished downloads, because the query of a signed URL is a credential. Where secret storage fails
 * the user is asked for the URL again after a restart.
 */
export class UrlVault implements KeptUrls {
  private readonly texts: SecretTexts;

  constructor(box: SecretBox, logger: Logger) {
    this.texts = new SecretTexts(box, logger, 'a URL');
  }

  /** @param id of the download */
  async load(id: string): Promise<string | undefined> {
    return this.texts.load(secretKey(id));
  }

  async save(id: string, url: string): Promise<void> {
    await this.texts.save(secretKey(id), url);
  }

  async remove(id: string): Promise<void> {
    await this.texts.remove(secretKey(id));
  }
}

function secretKey(id: string): string {
  return `url:${id}`;
}
