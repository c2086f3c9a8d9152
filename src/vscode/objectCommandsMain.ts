import type { CommandHandlers } from './commands.ts';
import { downloadCommands } from './commands/downloadCommands.ts';
import type { DownloadCommandParts } from './commands/downloadCommands.ts';
import { finishedCommands } from './commands/finishedCommands.ts';
import { objectCommands } from './commands/objectCommands.ts';
import type { ObjectCommandParts } from './commands/objectCommands.ts';
import { maxOpenBytes, openCommands } from './commands/openCommands.ts';
import type { OpenCommandParts } from './commands/openCommands.ts';
import { partialCommands } from './commands/partialCommands.ts';
import { pathCommands } from './commands/pathCommands.ts';
import type { PathCommandParts } from './commands/pathCommands.ts';
import { reportCommands } from './commands/reportCommands.ts';
import { restoreCommands } from './commands/restoreCommands.ts';
import type { RestoreCommandParts } from './commands/restoreCommands.ts';
import { shareCommands } from './commands/shareCommands.ts';
import { speedCommands } from './commands/speedCommands.ts';
import { urlCommands } from './commands/urlCommands.ts';
import type { UrlCommandParts } from './commands/urlCommands.ts';
import type { ObjectCommandId } from './objectCommandIds.ts';
import { ObjectFileSystem } from './objectFileSystem.ts';
import { prepareRestoreDownloads } from './restoreDownloads.ts';
import type { RestoreDownloadParts } from './restoreDownloads.ts';
import type { ErrorPresenter } from './showError.ts';

export type ObjectCommandsSetup = ObjectCommandParts &
  Omit<RestoreCommandParts, 'prepareDownloads'> &
  RestoreDownloadParts &
  DownloadCommandParts &
  UrlCommandParts &
  PathCommandParts &
  OpenCommandParts;

/** Entry of a bundle of its own, `dist/objectCommands.cjs`, which is loaded with the first of these commands. */
export function createObjectCommands(parts: ObjectCommandsSetup): Pick<CommandHandlers, ObjectCommandId> {
  return {
    ...pathCommands(parts),
    ...openCommands(parts),
    ...downloadCommands(parts),
    ...urlCommands(parts),
    ...finishedCommands(parts.downloads),
    ...speedCommands(parts.downloads),
    ...reportCommands(parts.downloads),
    ...partialCommands(parts.downloads, parts.transfers),
    ...shareCommands(parts),
    ...objectCommands(parts),
    ...restoreCommands({ ...parts, prepareDownloads: (objects) => prepareRestoreDownloads(parts, objects) }),
  };
}

/** The same bundle, loaded with the first object that is opened: the files behind `registerFileSystem`. */
export function createObjectFileSystem(
  { lister, downloads }: Pick<ObjectCommandsSetup, 'lister' | 'downloads'>,
  errors: ErrorPresenter,
): ObjectFileSystem {
  return new ObjectFileSystem(
    {
      head: (object, signal) => lister.head(object, signal),
      read: async (request, signal) => (await downloads.start()).read(request, signal),
      maxBytes: maxOpenBytes,
      now: Date.now,
    },
    errors,
  );
}
