import type { Dispatcher } from 'undici';
import { isLoopback } from '../endpoint.ts';
import type { Credentials } from '../profile.ts';
import { sourceFailure, temporaryKey } from './credentialSpec.ts';
import { askService, jsonTexts, refusalText } from './serviceRequest.ts';

const timeoutMs = 10_000;

/**
 * Requests a key from a URL: https, or http on this machine, since the response is a secret.
 *
 * @throws AppError `auth/sourceFailed` (`incomplete` for a URL that is not allowed, `refused`, `malformed`),
 * `network/*`
 * @see https://github.com/aliyun/aliyun-cli, "CredentialsURI"
 */
export async function keyFromUri(dispatcher: Dispatcher, uri: string, signal: AbortSignal): Promise<Credentials> {
  const url = URL.parse(uri);
  // The query may be a credential: it is never shown.
  const subject = url === null ? 'credentials URI' : `${url.origin}${url.pathname}`;
  if (
    url === null ||
    !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname.replace(/^\[|\]$/g, '')))) ||
    url.username !== ''
  ) {
    throw sourceFailure(
      'incomplete',
      'a credentials URI begins with https://, or with http:// on this machine, and holds no user name',
      subject,
    );
  }
  const answer = await askService(
    dispatcher,
    { method: 'GET', origin: url.origin, path: url.pathname + url.search, timeoutMs },
    signal,
  );
  if (answer.status !== 200) {
    throw sourceFailure('refused', `no key was given (${refusalText(answer)})`, subject);
  }
  return temporaryKey(jsonTexts(answer.text), subject);
}
