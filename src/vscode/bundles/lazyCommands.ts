import type { CommandHandlers, CommandId } from '../commands.ts';

/** Commands of `objectCommands.ts`, built into `dist/objectCommands.cjs` and loaded on first use. */
export const objectCommandIds = [
  'ossDownloader.goToPath',
  'ossDownloader.download',
  'ossDownloader.downloadTo',
  'ossDownloader.downloadHere',
  'ossDownloader.downloadFromUrl',
  'ossDownloader.enterNewUrl',
  'ossDownloader.openFile',
  'ossDownloader.revealInExplorer',
  'ossDownloader.revealInFileManager',
  'ossDownloader.verifyAgain',
  'ossDownloader.limitSpeed',
  'ossDownloader.exportReport',
  'ossDownloader.exportFullReport',
  'ossDownloader.resumePartial',
  'ossDownloader.discardPartial',
  'ossDownloader.copyUrl',
  'ossDownloader.copySignedUrl',
  'ossDownloader.openObject',
  'ossDownloader.previewStart',
  'ossDownloader.properties',
  'ossDownloader.showVersions',
  'ossDownloader.restore',
  'ossDownloader.restoreAndDownload',
] as const satisfies readonly CommandId[];

export type ObjectCommandId = (typeof objectCommandIds)[number];

/** The same for `profileCommands.ts`, built into `dist/profileCommands.cjs`. */
export const profileCommandIds = [
  'ossDownloader.addProfile',
  'ossDownloader.addPublicBucket',
  'ossDownloader.editCredentials',
  'ossDownloader.importProfile',
  'ossDownloader.switchProfile',
  'ossDownloader.editProfile',
  'ossDownloader.testConnection',
  'ossDownloader.removeProfile',
  'ossDownloader.addBucket',
] as const satisfies readonly CommandId[];

export type ProfileCommandId = (typeof profileCommandIds)[number];

/** Handlers that load their bundle on the first call, which keeps activation fast. */
export function lazyCommands<Id extends CommandId>(
  ids: readonly Id[],
  load: () => Pick<CommandHandlers, Id>,
): Pick<CommandHandlers, Id> {
  let loaded: Pick<CommandHandlers, Id> | undefined;
  const handlers = ids.map((id) => [
    id,
    (...args: readonly unknown[]) => {
      loaded ??= load();
      // Arguments are passed on unchanged: the table's type ties each id to its handler's arguments.
      const run = loaded[id] as (...args: readonly unknown[]) => void | Promise<void>;
      return run(...args);
    },
  ]);
  return Object.fromEntries(handlers) as Pick<CommandHandlers, Id>; // one for each id
}
