import * as vscode from 'vscode';
import { toAppError } from '../../base/errors.ts';
import type { BucketLocation, ObjectRef } from '../../oss/model.ts';
import { formatOssPath, parseTypedPath } from '../../oss/ossPath.ts';
import { offer } from '../ui/offer.ts';
import { withDelayedProgress } from '../ui/progress.ts';
import type { BucketListings } from './bucketListings.ts';
import { bareBucket, bucketLocationOf } from '../treeNodes.ts';
import type { BucketTreeNode, ListNode } from '../treeNodes.ts';
import { runCommand } from '../commands.ts';
import type { CommandHandlers } from '../commands.ts';
import { errorSentence } from '../errors/errorTexts.ts';
import { locationName } from '../profiles/bucketLocationTexts.ts';
import { resolvePath } from '../profiles/profileChoice.ts';
import type { ProfileStore } from '../profiles/profileStore.ts';
import { askText } from '../ui/quickSteps.ts';
import { findRow } from './findRow.ts';
import type { Found } from './findRow.ts';
import { visibleName } from '../ui/displayText.ts';

export interface PathCommandParts {
  readonly profiles: ProfileStore;
  readonly listings: BucketListings;
  /** Reveals a row of the Buckets view. */
  readonly reveal: (row: BucketTreeNode) => Promise<void>;
}

/** Command that reveals a path in the Buckets view. */
export function pathCommands(parts: PathCommandParts): Pick<CommandHandlers, 'ossDownloader.goToPath'> {
  const { profiles, listings, reveal } = parts;
  const find = (ref: ObjectRef): Promise<Found> =>
    withDelayedProgress((signal) => findRow(listings, profiles.pinned(ref.profile), ref, signal));
  const revealFound = async (ref: ObjectRef): Promise<void> => {
    const found = await find(ref);
    if (found.kind === 'row') {
      await reveal(found.row);
    }
  };
  return {
    'ossDownloader.goToPath': async (given) => {
      const path = typeof given === 'string' ? given : await askPath();
      const ref = path === undefined ? undefined : await resolvePath(profiles, parseTypedPath(path));
      if (ref === undefined) {
        return;
      }
      const shown = profiles.shownNames();
      if (!shown.includes(ref.profile)) {
        await profiles.show([...shown, ref.profile]);
      }
      const found = await find(ref);
      switch (found.kind) {
        case 'row':
          return reveal(found.row);
        case 'notShown':
          // An unlisted bucket has to be added, which also checks it.
          await vscode.commands.executeCommand(
            'ossDownloader.addBucket',
            ref.profile,
            formatOssPath({ bucket: ref.bucket, key: folderOf(ref).prefix ?? '' }),
          );
          return profiles.isPinned(folderOf(ref)) ? revealFound(ref) : undefined;
        case 'tooFar':
          if (await offerOtherWay(ref, found.parent)) {
            await profiles.pin([folderOf(ref)]);
            await revealFound(ref);
          }
      }
    },
  };
}

async function askPath(): Promise<string | undefined> {
  const result = await askText(
    { title: vscode.l10n.t('Go to OSS Path'), step: 1, totalSteps: 1 },
    {
      prompt: vscode.l10n.t('Path of a bucket, a folder or an object'),
      placeholder: 'oss://bucket/folder/',
      validate: problemOf,
    },
  );
  return result === undefined || result === 'back' ? undefined : result.answer;
}

function problemOf(text: string): string | undefined {
  try {
    parseTypedPath(text);
    return undefined;
  } catch (error) {
    return errorSentence(toAppError(error), vscode.l10n);
  }
}

/** The folder of a path: itself, or the parent of an object. */
function folderOf(ref: ObjectRef): BucketLocation {
  const prefix = ref.key.slice(0, ref.key.lastIndexOf('/') + 1);
  return { ...bareBucket(ref), ...(prefix === '' ? {} : { prefix }) };
}

/**
 * Offers to download or pin, since a listing can only be read page by page, in the order of names.
 * @returns whether the user chose to pin the folder
 */
async function offerOtherWay(ref: ObjectRef, parent: ListNode): Promise<boolean> {
  const folder = folderOf(ref);
  const above = bucketLocationOf(parent);
  const [name, aboveName] = [visibleName(formatOssPath(ref)), above === undefined ? ref.profile : locationName(above)];
  if (above?.bucket === folder.bucket && above.prefix === folder.prefix) {
    await offer(
      'information',
      vscode.l10n.t('{0} stands too far down in {1} to be shown. It can be downloaded by its path.', name, aboveName),
      [[vscode.l10n.t('Download'), () => runCommand('ossDownloader.download', formatOssPath(ref))]],
    );
    return false;
  }
  const pin = vscode.l10n.t('Pin');
  return (
    (await vscode.window.showInformationMessage(
      vscode.l10n.t(
        '{0} stands too far down in {1} to be shown. Pin {2} to have it at the top.',
        name,
        aboveName,
        locationName(folder),
      ),
      pin,
    )) === pin
  );
}
