import { AppError, toAppError } from '../../base/errors.ts';
import { localFileName } from '../../download/files/localPath.ts';
import { splitUrl } from '../../oss/http/httpTarget.ts';
import { errorSentence } from '../errors/errorTexts.ts';
import type { Localizer } from '../ui/localizer.ts';

/** File name for a URL without one. */
const namelessFile = 'download';

/**
 * Parses a pasted URL; surrounding blanks are removed.
 * @throws AppError `input/invalidUrl` unless it is one line with an http or https URL
 */
export function readUrl(text: string): string {
  const url = text.trim();
  splitUrl(url);
  if (/\p{Cc}/u.test(url)) {
    const subject = (url.split(/[?#\p{Cc}]/u, 1)[0] ?? '').slice(0, 200);
    throw new AppError('input/invalidUrl', `a URL has no line breaks and control characters: ${subject}`, {
      details: { subject },
    });
  }
  return url;
}

/** Validation message for a URL in an input box; undefined if valid. */
export function urlProblem(text: string, l10n: Localizer): string | undefined {
  try {
    readUrl(text);
    return undefined;
  } catch (error) {
    return errorSentence(toAppError(error), l10n);
  }
}

/** Whether a URL contains a secret that must not be stored in plain text. */
export function isSecret(url: string): boolean {
  return url.replace(/#.*$/su, '').includes('?');
}

/** The file name: the decoded last segment of the URL's path, made valid on every file system. */
export function urlFileName(url: string): string {
  const path = splitUrl(url).path.replace(/\?.*$/su, '').replace(/\/+$/u, '');
  const segment = decoded(path.slice(path.lastIndexOf('/') + 1));
  return segment.replaceAll('/', '') === '' ? namelessFile : localFileName(segment);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // invalid percent encoding
  }
}
