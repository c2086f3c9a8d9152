import type { AppError, ErrorRecord } from '../../base/errors.ts';
import { requesterPaysEc } from '../../oss/ecCodes.ts';
import type { BucketLocation } from '../../oss/model.ts';
import { formatOssPath, isBucketName, parseBucketOrFolder } from '../../oss/ossPath.ts';
import { errorSentence } from '../errors/errorTexts.ts';
import { hasTrait } from '../errors/errorTraits.ts';
import type { Localizer } from '../ui/localizer.ts';
import { visibleName } from '../ui/displayText.ts';

/** Display name of a bucket or folder: `bucket`, `oss://bucket/folder/`. */
export function locationName({ bucket, prefix }: Pick<BucketLocation, 'bucket' | 'prefix'>): string {
  return prefix === undefined ? bucket : visibleName(formatOssPath({ bucket, key: prefix }));
}

/** Validation message for the name of a bucket or folder; undefined if valid. */
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

/** Sentence for a bucket or folder that cannot be listed: the reason and the remedy. */
export function refusalSentence({ bucket, prefix }: BucketLocation, error: AppError, l10n: Localizer): string {
  const sentence = errorSentence(error, l10n);
  return prefix === undefined && isRefusedByPolicy(error)
    ? `${sentence}\n\n${nameFolderSentence(bucket, l10n)}`
    : sentence;
}

/** Advice for a bucket whose root may not be listed. */
export function nameFolderSentence(bucket: string, l10n: Localizer): string {
  return l10n.t(
    '{0} may not be listed as a whole. Add the folder that you may read with Add Bucket by Name: {1}',
    bucket,
    `oss://${bucket}/…/`,
  );
}

/** Whether a permission is missing; a requester-pays bucket returns the same code. */
export function isRefusedByPolicy({ code, details }: Pick<ErrorRecord, 'code' | 'details'>): boolean {
  return hasTrait(code, 'forbidden') && details.ec !== requesterPaysEc;
}
