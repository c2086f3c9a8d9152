import type { CommandHandlers } from './commands.ts';
import { downloadCommands } from './commands/downloadCommands.ts';
import type { DownloadCommandParts } from './commands/downloadCommands.ts';
import { finishedCommands } from './commands/finishedCommands.ts';
import { objectCommands } from './commands/objectCommands.ts';
import type { ObjectCommandParts } from './commands/objectCommands.ts';
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
import { prepareRestoreDownloads } from './restoreDownloads.ts';
import type { RestoreDownloadParts } from './restoreDownloads.ts';

export type ObjectCommandsSetup = ObjectCommandParts & Omit<RestoreCommandParts, 'prepareDownloads'> & RestoreDownloadParts & DownloadCommandParts & UrlCommandParts & PathCommandParts;

/** Entry of a bundle of its own, `dist/objectCommands.cjs`, which is loaded with the first of these commands. */
export function createObjectCommands(parts: ObjectCommandsSetup): Pick<CommandHandlers, ObjectCommandId> {
  return {
    ...pathCommands(parts),
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
