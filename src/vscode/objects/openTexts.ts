import { formatBytes } from '../../base/format.ts';
import type { ErrorCode, ErrorRecord } from '../../base/errors.ts';
import type { ObjectRef } from '../../oss/model.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import { objectSentence } from '../errors/errorTexts.ts';
import type { Localizer } from '../ui/localizer.ts';
import { visibleName } from '../ui/displayText.ts';

/** Dialog for an object that is too large for an editor. */
export function tooLargePrompt(
  object: ObjectRef,
  sizeBytes: number,
  maxBytes: number,
  l10n: Localizer,
): { readonly message: string; readonly detail: string } {
  return {
    message: l10n.t('{0} is too large for an editor.', visibleName(formatOssPath(object))),
    detail: l10n.t(
      'It has {0}; objects of up to {1} are opened (setting preview.maxSize).',
      formatBytes(sizeBytes),
      formatBytes(maxBytes),
    ),
  };
}

/** Message for an object that cannot be opened: the reason and the remedy. */
export function openFailure(
  { code, details }: Pick<ErrorRecord, 'code' | 'details'>,
  object: ObjectRef,
  l10n: Localizer,
): string {
  const name = visibleName(formatOssPath(object));
  return openSentences[code]?.(l10n, name) ?? objectSentence({ code, details }, name, l10n);
}

/** Sentences about opening an object, where the general ones mention a download. */
const openSentences: Readonly<Partial<Record<ErrorCode, (l10n: Localizer, name: string) => string>>> = {
  'object/changed': (l10n, name) =>
    l10n.t('{0} has changed in OSS since it was listed. Try again to see it as it is now.', name),
  'object/corrupt': (l10n, name) =>
    l10n.t('What arrived of {0} does not match its checksum, so it is not shown. Try again.', name),
};
