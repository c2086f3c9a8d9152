import { formatBytes } from '../../base/format.ts';
import type { ObjectMeta, ObjectVersion } from '../../oss/model.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import { fullDate } from '../ui/localFormat.ts';
import type { Localizer } from '../ui/localizer.ts';
import { visibleName } from '../ui/displayText.ts';
import type { SignedUrl } from '../../oss/objectLister.ts';

export interface FactsContext {
  readonly l10n: Localizer;
  /** BCP 47 tag of the user's language. */
  readonly language: string;
}

/** One property of an object: its name, and its value for display and for the clipboard. */
export interface ObjectFact {
  readonly name: string;
  readonly shown: string;
  readonly copied: string;
}

/** The properties of an object, the most useful first. */
export function objectFacts(meta: ObjectMeta, url: string, { l10n, language }: FactsContext): readonly ObjectFact[] {
  const { ref, sizeBytes, lastModifiedMs, storageClass, etag, crc64, contentType, type, restore, headers } = meta;
  return [
    plain(l10n.t('Path'), formatOssPath(ref)),
    {
      name: l10n.t('Size'),
      shown:
        sizeBytes < 1024
          ? formatBytes(sizeBytes)
          : `${formatBytes(sizeBytes)} (${l10n.t('{0} bytes', sizeBytes.toLocaleString(language))})`,
      copied: String(sizeBytes),
    },
    ...(Number.isNaN(lastModifiedMs)
      ? []
      : [
          {
            name: l10n.t('Last modified'),
            shown: fullDate(lastModifiedMs, language),
            copied: new Date(lastModifiedMs).toISOString(),
          },
        ]),
    plain(l10n.t('Storage class'), storageClass),
    ...(restore === undefined ? [] : [plain(l10n.t('Restore'), restoreText(restore, { l10n, language }))]),
    plain('ETag', etag),
    ...optional('CRC-64', crc64),
    ...optional(l10n.t('Content type'), contentType),
    ...optional(l10n.t('Type'), type),
    ...optional(l10n.t('Version'), ref.versionId),
    plain('URL', url),
    ...(headers ?? []).map(([name, value]) => plain(name, value)),
  ];
}

/** One version of an object as a quick pick row. */
export interface VersionRow {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

export function versionRow(version: ObjectVersion, { l10n, language }: FactsContext): VersionRow {
  if (version.kind === 'deleteMarker') {
    return {
      label: fullDate(version.lastModifiedMs, language),
      description: l10n.t('deleted'),
      detail: version.versionId,
    };
  }
  const { sizeBytes, lastModifiedMs, storageClass, ref } = version.object;
  const size = formatBytes(sizeBytes);
  return {
    label: fullDate(lastModifiedMs, language),
    description: version.isLatest ? l10n.t('{0}, current version', size) : size,
    detail: `${ref.versionId ?? ''} · ${storageClass}`,
  };
}

function restoreText(restore: NonNullable<ObjectMeta['restore']>, { l10n, language }: FactsContext): string {
  if (restore.kind === 'ongoing') {
    return l10n.t('under way');
  }
  return restore.expiresMs === undefined
    ? l10n.t('can be read')
    : l10n.t('can be read until {0}', fullDate(restore.expiresMs, language));
}

function optional(name: string, value: string | undefined): readonly ObjectFact[] {
  return value === undefined ? [] : [plain(name, value)];
}

function plain(name: string, value: string): ObjectFact {
  return { name, shown: visibleName(value), copied: value };
}

const hourMs = 3_600_000;

/** Lifetimes of a signed URL to choose from, shortest first. */
export function lifetimes(l10n: Localizer): readonly { readonly label: string; readonly ms: number }[] {
  return [
    { label: l10n.t('15 minutes'), ms: hourMs / 4 },
    { label: l10n.t('1 hour'), ms: hourMs },
    { label: l10n.t('8 hours'), ms: 8 * hourMs },
    { label: l10n.t('1 day'), ms: 24 * hourMs },
    { label: l10n.t('7 days, the longest that OSS allows'), ms: 7 * 24 * hourMs },
  ];
}

/** The earliest expiry of several URLs, in milliseconds since the epoch; undefined when none expires. */
export function earliestExpiry(signed: readonly SignedUrl[]): number | undefined {
  const earliest = Math.min(...signed.map(({ expiresAtMs }) => expiresAtMs));
  return earliest >= Number.MAX_SAFE_INTEGER ? undefined : earliest;
}

/** Notification after signed URLs were copied to the clipboard. */
export function signedText(
  what: string,
  expiresAtMs: number | undefined,
  { l10n, language }: { readonly l10n: Localizer; readonly language: string },
): string {
  return expiresAtMs === undefined
    ? l10n.t(
        'The URL of {0} is in the clipboard, without a signature: the profile is anonymous, so it works only for ' +
          'what everybody may read.',
        what,
      )
    : l10n.t(
        'The signed URL of {0} is in the clipboard, valid until {1}. Treat it as a secret: whoever has it can ' +
          'read the object.',
        what,
        fullDate(expiresAtMs, language),
      );
}
