import { formatBytes } from '../base/format.ts';
import type { ObjectMeta, ObjectVersion } from '../oss/model.ts';
import { formatOssPath } from '../oss/ossPath.ts';
import { fullDate } from './dates.ts';
import type { Localizer } from './localizer.ts';
import { visibleName } from './visibleName.ts';

export interface FactsContext {
  readonly l10n: Localizer;
  /** BCP 47 tag of the user's language. */
  readonly language: string;
}

/** One property of an object: its name, and its value both for people and for the clipboard. */
export interface ObjectFact {
  readonly name: string;
  readonly shown: string;
  readonly copied: string;
}

/** The properties of an object, the most asked for first. */
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

/** One version of an object as a row to choose from. */
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
