import { defined } from '../../base/defined.ts';
import { formatBytes } from '../../base/format.ts';
import { isPinnedRoot } from '../treeNodes.ts';
import type { BucketTreeNode, ErrorNode, ListNode, NoteNode, ObjectNode, PrefixNode } from '../treeNodes.ts';
import { fullDate, relativeDate } from '../ui/localFormat.ts';
import { errorSentence, remediesFor, supportFacts } from '../errors/errorTexts.ts';
import type { Localizer } from '../ui/localizer.ts';
import { isArchived } from '../../oss/model.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import { isRefusedByPolicy, nameFolderSentence } from '../profiles/bucketLocationTexts.ts';
import { objectLabel, prefixLabel, visibleName } from '../ui/displayText.ts';

/** Texts of one row of the Buckets view. */
export interface RowText {
  readonly label: string;
  readonly description?: string;
  /** Label for screen readers. */
  readonly spoken: string;
}

export interface TextContext {
  readonly l10n: Localizer;
  /** BCP 47 tag of the user's language. */
  readonly language: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

export function rowText(node: BucketTreeNode, context: TextContext): RowText {
  const { l10n } = context;
  switch (node.kind) {
    case 'profile':
      return { label: visibleName(node.profile), spoken: l10n.t('Profile {0}', node.profile) };
    case 'bucket':
      return bucketText(node, l10n);
    case 'prefix':
      return prefixText(node, l10n);
    case 'object':
      return objectText(node, context);
    case 'more': {
      const label = l10n.t('Load more…');
      return { label, spoken: label };
    }
    case 'error': {
      const label = errorLabel(node, l10n);
      return { label, spoken: l10n.t('Error: {0}', label) };
    }
    case 'note': {
      const label = noteLabel(node, l10n);
      return { label, spoken: label };
    }
  }
}

/** Texts of a filtered bucket or folder: the description begins with the filter. */
export function filteredText({ label, description, spoken }: RowText, filter: string, l10n: Localizer): RowText {
  const shown = l10n.t('only {0}…', visibleName(filter));
  return {
    label,
    description: description === undefined ? shown : `${shown} · ${description}`,
    spoken: `${spoken}, ${shown}`,
  };
}

/** Tooltip of an object or bucket: a title, and lines of name and value. Not escaped. */
export function tooltipFacts(
  node: BucketTreeNode,
  { l10n, language }: TextContext,
): { readonly title: string; readonly facts: readonly (readonly [string, string])[] } | undefined {
  if (node.kind === 'object') {
    const { ref, sizeBytes, etag, lastModifiedMs, storageClass } = node.object;
    const facts: readonly (readonly [string, string])[] = [
      [
        l10n.t('Size'),
        sizeBytes < 1024
          ? formatBytes(sizeBytes)
          : `${formatBytes(sizeBytes)} (${l10n.t('{0} bytes', sizeBytes.toLocaleString(language))})`,
      ],
      [l10n.t('Last modified'), fullDate(lastModifiedMs, language)],
      [l10n.t('Storage class'), storageClass],
      ['ETag', etag],
    ];
    return { title: visibleName(formatOssPath(ref)), facts };
  }
  if (node.kind === 'bucket') {
    const region = node.listed?.region ?? node.bucket.region;
    const facts: readonly (readonly [string, string])[] = [
      ...(region === undefined ? [] : [[l10n.t('Region'), region] as const]),
      ...(node.listed === undefined
        ? []
        : [
            [l10n.t('Storage class'), node.listed.storageClass] as const,
            [l10n.t('Created'), fullDate(node.listed.createdMs, language)] as const,
          ]),
    ];
    return { title: `oss://${node.bucket.bucket}`, facts };
  }
  if (node.kind === 'prefix') {
    return { title: visibleName(formatOssPath({ bucket: node.bucket.bucket, key: node.prefix })), facts: [] };
  }
  if (node.kind === 'error') {
    const facts = supportFacts(node.error);
    return { title: errorLabel(node, l10n), facts: facts === '' ? [] : [['OSS', facts]] };
  }
  if (node.kind === 'note' && node.note === 'addBucket') {
    return {
      title: l10n.t('The buckets of this profile cannot be listed. A bucket whose name you know can be added.'),
      facts: [],
    };
  }
  return undefined;
}

/** Tokens for the `when` clauses of package.json. @param isPinned of a bucket or folder, for each of its rows */
export function contextValue(node: BucketTreeNode, isPinned = false): string {
  const pin = isPinned ? 'pinned' : 'pinnable';
  switch (node.kind) {
    case 'profile':
      return 'profile refreshable';
    case 'bucket':
      return `bucket path refreshable ${pin}`;
    case 'prefix':
      return `prefix path refreshable ${pin}`;
    case 'object':
      return isArchived(node.object.storageClass) ? 'object path archived' : 'object path';
    case 'error':
      return `error ${errorTokens(node).join(' ')}`;
    case 'note':
    case 'more':
      return node.kind;
  }
}

/**
 * Whether the error is solved by naming a bucket of the profile, or a folder of the bucket, that may be listed.
 */
export function needsNamedLocation({ parent, error }: ErrorNode): boolean {
  return (parent?.kind === 'profile' || parent?.kind === 'bucket') && isRefusedByPolicy(error);
}

function errorTokens(node: ErrorNode): readonly string[] {
  const remedies = remediesFor(node.error.code);
  return [
    ...(needsNamedLocation(node) ? ['remedyAddBucket'] : []),
    ...(remedies.includes('editCredentials') ? ['remedyCredentials'] : []),
    ...(node.parent === undefined ? ['remedySettings'] : ['remedyRetry']),
  ];
}

function errorLabel(node: ErrorNode, l10n: Localizer): string {
  if (!needsNamedLocation(node)) {
    return errorSentence(node.error, l10n);
  }
  return node.parent?.kind === 'bucket'
    ? nameFolderSentence(node.parent.bucket.bucket, l10n)
    : l10n.t('This profile may not list buckets. Add a bucket by its name.');
}

function noteLabel(node: NoteNode, l10n: Localizer): string {
  switch (node.note) {
    case 'empty':
      return l10n.t('Empty');
    case 'noMatch':
      return l10n.t('Nothing begins with the text of the filter');
    case 'noBuckets':
      return l10n.t('No buckets');
    case 'addBucket':
      return l10n.t('Add Bucket by Name…');
  }
}

function bucketText(node: ListNode & { kind: 'bucket' }, l10n: Localizer): RowText {
  const region = node.listed?.region ?? node.bucket.region;
  const label = node.bucket.bucket;
  return { label, ...defined({ description: region }), spoken: l10n.t('Bucket {0}', label) };
}

/** A pinned folder is shown outside its parent, so its row names the parent. */
function prefixText(node: PrefixNode, l10n: Localizer): RowText {
  const label = prefixLabel(node.prefix, node.parentPrefix);
  if (!isPinnedRoot(node)) {
    return { label, spoken: l10n.t('Folder {0}', label) };
  }
  const description = visibleName(`${node.bucket.bucket}/${node.parentPrefix}`.replace(/\/$/, ''));
  return { label, description, spoken: l10n.t('Pinned folder {0} in {1}', label, description) };
}

function objectText(node: ObjectNode, { l10n, language, nowMs }: TextContext): RowText {
  const { ref, sizeBytes, lastModifiedMs } = node.object;
  const label = objectLabel(ref.key, node.parentPrefix);
  const size = formatBytes(sizeBytes);
  const date = relativeDate(lastModifiedMs, nowMs, language);
  return { label, description: `${size} · ${date}`, spoken: l10n.t('{0}, {1}, modified {2}', label, size, date) };
}
