import * as vscode from 'vscode';
import type { KnownObject } from '../../download/model.ts';
import type { ObjectRef } from '../../oss/model.ts';
import type { ObjectLister } from '../../oss/objectLister.ts';
import { offer } from '../ui/offer.ts';
import { withDelayedProgress } from '../ui/progress.ts';
import { runCommand } from '../commands.ts';
import type { CommandHandlers } from '../commands.ts';
import { chooseListedObjects } from '../start/chooseObjects.ts';
import type { ObjectChoiceParts } from '../start/chooseObjects.ts';
import { objectUri } from './objectUri.ts';
import type { ObjectFile } from './objectUri.ts';
import { tooLargePrompt } from './openTexts.ts';
import { readSetting } from '../settings/settings.ts';
import { bytesPerMegabyte } from '../settings/settingValues.ts';

type Ids = 'ossDownloader.openObject' | 'ossDownloader.previewStart';

export interface OpenCommandParts extends ObjectChoiceParts {
  readonly lister: Pick<ObjectLister, 'head'>;
  /** Requires the next read to return the listed version. */
  readonly expectObject: (file: ObjectFile, known: KnownObject) => void;
}

/** Length of a preview by Preview Start…, in bytes. */
const startBytes = 64 * 1024;

/** Commands that open objects without a download. */
export function openCommands(parts: OpenCommandParts): Pick<CommandHandlers, Ids> {
  return {
    'ossDownloader.openObject': async (target) => {
      const chosen = await choose(parts, target, vscode.l10n.t('Open an OSS object'));
      if (chosen === undefined) {
        return;
      }
      const { ref, known } = chosen;
      const maxBytes = maxOpenBytes();
      if (known.sizeBytes <= maxBytes) {
        await vscode.commands.executeCommand('vscode.open', expected(parts, { object: ref }, known));
        return;
      }
      const { message, detail } = tooLargePrompt(ref, known.sizeBytes, maxBytes, vscode.l10n);
      await offer(
        'information',
        message,
        [
          [vscode.l10n.t('Preview Start'), () => previewStart(parts, ref, known)],
          [vscode.l10n.t('Download'), () => runCommand('ossDownloader.download', ref)],
        ],
        { modal: true, detail },
      );
    },

    'ossDownloader.previewStart': async (target) => {
      const chosen = await choose(parts, target, vscode.l10n.t('Preview the start of an OSS object'));
      if (chosen !== undefined) {
        await previewStart(parts, chosen.ref, chosen.known);
      }
    },
  };
}

/** Larger objects are not opened, see `ObjectFiles`. */
export function maxOpenBytes(): number {
  return readSetting('preview.maxSize') * bytesPerMegabyte;
}

/** Opens the start as text: an image viewer could not display part of an image. */
async function previewStart(parts: OpenCommandParts, object: ObjectRef, known: KnownObject): Promise<void> {
  const file = known.sizeBytes <= startBytes ? { object } : { object, firstBytes: startBytes };
  await vscode.commands.executeCommand('vscode.openWith', expected(parts, file, known), 'default');
}

function expected(parts: OpenCommandParts, file: ObjectFile, known: KnownObject): vscode.Uri {
  parts.expectObject(file, known);
  return vscode.Uri.from(objectUri(file));
}

/** The object of the argument, or a picked one. @returns undefined when cancelled, or when it is not an object */
async function choose(
  parts: OpenCommandParts,
  target: unknown,
  title: string,
): Promise<{ readonly ref: ObjectRef; readonly known: KnownObject } | undefined> {
  const [object] = await chooseListedObjects(parts, target, undefined, title);
  if (object === undefined) {
    return undefined;
  }
  const { ref } = object;
  return { ref, known: object.known ?? (await withDelayedProgress((signal) => parts.lister.head(ref, signal))) };
}
