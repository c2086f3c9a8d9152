import type { AppError, ErrorRecord } from '../../base/errors.ts';
import { requesterPaysEc } from '../../oss/ecCodes.ts';
import type { BucketLocation } from '../../oss/model.ts';
import { formatOssPath, isBucketName, parseBucketOrFolder } from '../../oss/ossPath.ts';
import { errorSentence } from '../errors/errorTexts.ts';
import { hasTrait } from '../errors/errorTraits.ts';
import type { Localizer } from '../ui/localizer.ts';
import { visibleName } from '../ui/displayText.ts';

/** How a bucket or folder is called: `bucket`, `oss://bucket/folder/`. */
export function placeName({ bucket, prefix }: Pick<BucketLocation, 'bucket' | 'prefix'>): string {
  return prefix === undefined ? bucket : visibleName(formatOssPath({ bucket, key: prefix }));
}

/** What is wrong with a text that should name a bucket or folder; undefined where it does. */
export function problemWith(text: string, l10n: Localizer): string | undefined {
  try {
    parseBucketOrFolder(text);
    return undefined;
  } catch {
    const bucket = /^(?:oss:\/\/)?([^/]*)/.exec(text.trim())?.[1] ?? '';
    return isBucketName(bucket)
      ? l10n.t('A folder is written oss://bucket/folder/: it begins with neither / nor \\ and has at most 1023 bytes.')
      : l10n.t('A bucket name has 3 to 63 lower-case letters, digits and hyphens.');
  }
}

/** Why a bucket or folder cannot be listed, and what helps. */
export function refusalSentence({ bucket, prefix }: BucketLocation, error: AppError, l10n: Localizer): string {
  const sentence = errorSentence(error, l10n);
  return prefix === undefined && isRefusedByPolicy(error)
    ? `${sentence}\n\n${nameFolderSentence(bucket, l10n)}`
    : sentence;
}

/** What to do where a bucket may not be listed from its root. */
export function nameFolderSentence(bucket: string, l10n: Localizer): string {
  return l10n.t(
    '{0} may not be listed as a whole. Add the folder that you may read with Add Bucket by Name: {1}',
    bucket,
    `oss://${bucket}/…/`,
  );
}

/** Whether other rights would help; a bucket whose requester pays refuses in the same words. */
export function isRefusedByPolicy({ code, details }: Pick<ErrorRecord, 'code' | 'details'>): boolean {
  return hasTrait(code, 'forbidden') && details.ec !== requesterPaysEc;
}
