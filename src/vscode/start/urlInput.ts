import { AppError, toAppError } from '../../base/errors.ts';
import { localFileName } from '../../download/files/localPath.ts';
import { splitUrl } from '../../oss/http/httpTarget.ts';
import { errorSentence } from '../errors/errorTexts.ts';
import type { Localizer } from '../ui/localizer.ts';

/** Name of a file whose URL names none. */
const namelessFile = 'download';

/**
 * A URL as it was pasted, without the blanks around it.
 * @throws AppError `input/invalidUrl` for what is no http or https URL, or goes over several lines
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

/** What is wrong with a URL that is being typed; undefined when it will do. */
export function urlProblem(text: string, l10n: Localizer): string | undefined {
  try {
    readUrl(text);
    return undefined;
  } catch (error) {
    return errorSentence(toAppError(error), l10n);
  }
}

/** Whether a URL holds something that must not be written to disk in plain text. */
export function isSecret(url: string): boolean {
  return url.replace(/#.*$/su, '').includes('?');
}

/** The name of the file: the last segment of the URL's path, decoded, made fit for every file system. */
export function urlFileName(url: string): string {
  const path = splitUrl(url).path.replace(/\?.*$/su, '').replace(/\/+$/u, '');
  const segment = decoded(path.slice(path.lastIndexOf('/') + 1));
  return segment.replaceAll('/', '') === '' ? namelessFile : localFileName(segment);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a per cent sign that encodes nothing
  }
}
