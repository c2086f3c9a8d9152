import type { CommandId } from './commands.ts';
import type { createObjectCommands, createObjectFileSystem } from './objectCommandsMain.ts';

/** The commands of `dist/objectCommands.cjs`. A new one is named here and in `objectCommandsMain.ts`. */
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

/** What `dist/objectCommands.cjs` exports. */
export interface ObjectCommandsModule {
  readonly createObjectCommands: typeof createObjectCommands;
  readonly createObjectFileSystem: typeof createObjectFileSystem;
}
