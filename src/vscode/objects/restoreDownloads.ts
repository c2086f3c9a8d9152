import * as vscode from 'vscode';
import { localFileName } from '../../download/files/localPath.ts';
import type { ObjectMeta } from '../../oss/model.ts';
import { ConflictPrompt } from '../start/conflict.ts';
import { objectCount } from '../ui/localFormat.ts';
import type { DestinationPicker } from '../start/destination.ts';
import { queueDownloads } from '../start/queueDownloads.ts';
import type { Downloads } from '../list/downloadList.ts';
import { readSetting } from '../settings/settings.ts';
import type { Transfers } from '../list/notifications.ts';
import { visibleName } from '../ui/displayText.ts';

export interface RestoreDownloadParts {
  readonly downloads: Downloads;
  readonly transfers: Transfers;
  readonly destinations: DestinationPicker;
}

/**
 * Asks for the destination of objects. @returns a function that queues them; undefined when the user cancelled. They
 * may wait for two days, so the status bar and the Downloads view show them, not a notification.
 */
export async function prepareRestoreDownloads(
  { downloads, transfers, destinations }: RestoreDownloadParts,
  objects: readonly ObjectMeta[],
): Promise<(() => Promise<void>) | undefined> {
  const [first] = objects;
  const what =
    objects.length === 1 && first !== undefined
      ? visibleName(localFileName(first.ref.key))
      : objectCount(objects.length, vscode.l10n);
  const destination = await destinations.forDownload(what);
  if (destination === undefined) {
    return undefined;
  }
  return async () => {
    const service = await downloads.start();
    const conflicts = new ConflictPrompt(objects.length > 1);
    await queueDownloads(
      service,
      objects.map(({ ref, sizeBytes, etag, lastModifiedMs }) => ({
        ref,
        known: { sizeBytes, etag },
        modifiedMs: lastModifiedMs,
      })),
      destination,
      {
        invalidNames: readSetting('download.invalidNames'),
        preserveModified: readSetting('download.preserveModified'),
        awaitRestore: true,
      },
      (file, object) => conflicts.ask(file, object),
      (ids) => transfers.resume(ids, false),
    );
  };
}
