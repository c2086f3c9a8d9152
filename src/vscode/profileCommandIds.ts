import type { CommandId } from './commands.ts';
import type { createProfileCommands } from './profileCommandsMain.ts';

/** The commands of `dist/profileCommands.cjs`. */
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

/** What `dist/profileCommands.cjs` exports. */
export interface ProfileCommandsModule {
  readonly createProfileCommands: typeof createProfileCommands;
}
