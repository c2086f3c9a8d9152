import type { CommandHandlers, CommandId } from './commands.ts';
import type { createObjectCommands } from './objectCommandsMain.ts';

/** The commands of `dist/objectCommands.cjs`. A new one is named here and in `objectCommandsMain.ts`. */
export const objectCommandIds = [
  'ossDownloader.download',
  'ossDownloader.downloadTo',
  'ossDownloader.downloadHere',
  'ossDownloader.downloadFromUrl',
  'ossDownloader.enterNewUrl',
  'ossDownloader.openFile',
  'ossDownloader.revealInExplorer',
  'ossDownloader.revealInFileManager',
  'ossDownloader.verifyAgain',
  'ossDownloader.resumePartial',
  'ossDownloader.discardPartial',
  'ossDownloader.copyUrl',
  'ossDownloader.copySignedUrl',
  'ossDownloader.properties',
  'ossDownloader.showVersions',
  'ossDownloader.restore',
  'ossDownloader.restoreAndDownload',
] as const satisfies readonly CommandId[];

export type ObjectCommandId = (typeof objectCommandIds)[number];

/** What `dist/objectCommands.cjs` exports. */
export interface ObjectCommandsModule {
  readonly createObjectCommands: typeof createObjectCommands;
}

/** Stands for commands whose code is loaded with the first call, so that starting the editor need not wait for it. */
export function lazyCommands<Id extends CommandId>(ids: readonly Id[], load: () => Pick<CommandHandlers, Id>): Pick<CommandHandlers, Id> {
  let loaded: Pick<CommandHandlers, Id> | undefined;
  const handlers = ids.map((id) => [id, (...args: readonly unknown[]) => {
    loaded ??= load();
    // Handed on as it came: the table's type ties each id to its handler's arguments.
    const run = loaded[id] as (...args: readonly unknown[]) => void | Promise<void>;
    return run(...args);
  }]);
  return Object.fromEntries(handlers) as Pick<CommandHandlers, Id>; // one for each id
}
