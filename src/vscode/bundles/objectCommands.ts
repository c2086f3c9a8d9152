import type { CommandHandlers } from '../commands.ts';
import { downloadCommands } from '../start/downloadCommands.ts';
import type { DownloadCommandParts } from '../start/downloadCommands.ts';
import { finishedCommands } from '../list/fileCommands.ts';
import { objectCommands } from '../objects/propertiesCommands.ts';
import type { ObjectCommandParts } from '../objects/propertiesCommands.ts';
import { maxOpenBytes, openCommands } from '../objects/openCommands.ts';
import type { OpenCommandParts } from '../objects/openCommands.ts';
import { partialCommands } from '../list/partialCommands.ts';
import { pathCommands } from '../browse/goToPathCommand.ts';
import type { PathCommandParts } from '../browse/goToPathCommand.ts';
import { reportCommands } from '../list/reportCommands.ts';
import { restoreCommands } from '../objects/restoreCommands.ts';
import type { RestoreCommandParts } from '../objects/restoreCommands.ts';
import { shareCommands } from '../objects/shareCommands.ts';
import { speedCommands } from '../list/speedCommands.ts';
import { urlCommands } from '../start/urlCommands.ts';
import type { UrlCommandParts } from '../start/urlCommands.ts';
import type { ObjectCommandId } from './lazyCommands.ts';
import { ObjectFileSystem } from '../objects/objectFileSystem.ts';
import { prepareRestoreDownloads } from '../objects/restoreDownloads.ts';
import type { RestoreDownloadParts } from '../objects/restoreDownloads.ts';
import type { ErrorPresenter } from '../errors/showError.ts';

export type ObjectCommandsSetup = ObjectCommandParts &
  Omit<RestoreCommandParts, 'prepareDownloads'> &
  RestoreDownloadParts &
  DownloadCommandParts &
  UrlCommandParts &
  PathCommandParts &
  OpenCommandParts;

/** Entry of the bundle `dist/objectCommands.cjs`, loaded with the first of these commands. */
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

/** Entry of the same bundle for `registerFileSystem`, loaded with the first opened object. */
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
