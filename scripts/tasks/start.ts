import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { addSampleData } from '../../test/server/objects/sampleData.ts';
import { startOssServer } from '../../test/server/ossServer.ts';
import { defaultUser } from '../../test/server/signing/users.ts';
import { Failure, projectFolder, say, toolsFolder } from '../install.mjs';
import { bundleExtension } from '../support/bundle.ts';
import { findDesktopVscode } from '../support/desktopVscode.ts';
import { endBySignal, onStop } from '../support/stopping.ts';
import { waitFor } from '../support/waitFor.ts';
import { makeBaseFolder, prepareFolders } from '../vscodeServer/baseFolder.ts';
import { installPackage } from '../vscodeServer/loadExtension.ts';
import { startServer } from '../vscodeServer/server.ts';
import { packageExtension } from './package.ts';

interface Session {
  /** Removed at the end: every start is a first one. */
  readonly baseFolder: string;
  readonly workspace: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * VS Code with the extension on a local OSS server with sample buckets, until Ctrl+C or, on the desktop, until it is
 * closed.
 */
export async function run(): Promise<undefined> {
  endBySignal();
  const baseFolder = makeBaseFolder();
  onStop(() => rmSync(baseFolder, { recursive: true, force: true, maxRetries: 5 }));
  say('Starting the local OSS server with sample buckets');
  const oss = await startOssServer();
  addSampleData(oss.store);
  onStop(() => oss.close());
  say(`The OSS server listens on ${oss.url}`);
  const workspace = path.join(baseFolder, 'workspace');
  mkdirSync(workspace);
  const session: Session = {
    baseFolder,
    workspace,
    settings: {
      'ossDownloader.profiles': [
        { name: 'local', endpoint: oss.url, region: 'cn-hangzhou', credentials: 'environment' },
      ],
    },
    env: {
      OSS_ACCESS_KEY_ID: defaultUser.accessKeyId,
      OSS_ACCESS_KEY_SECRET: defaultUser.accessKeySecret,
      OSS_SESSION_TOKEN: undefined,
    },
  };
  const desktop = await findDesktopVscode();
  if (desktop === undefined) await openInBrowser(session);
  else await openOnDesktop(session, desktop);
}

/** Runs until the window is closed. */
async function openOnDesktop(session: Session, executable: string): Promise<void> {
  say('Building the extension');
  await bundleExtension(false);
  prepareFolders(session.baseFolder, session.settings);
  say('Opening VS Code; close it or press Ctrl+C to end');
  const child = spawn(
    executable,
    [
      `--extensionDevelopmentPath=${projectFolder}`,
      `--user-data-dir=${path.join(session.baseFolder, 'user-data')}`,
      `--extensions-dir=${path.join(session.baseFolder, 'extensions')}`,
      '--disable-workspace-trust',
      '--skip-welcome',
      '--skip-release-notes',
      '--new-window',
      session.workspace,
    ],
    { env: { ...process.env, ...session.env }, stdio: 'ignore' },
  );
  const ended = new Promise<void>((resolve, reject) => {
    child.on('error', (error) => reject(new Failure(`${executable} cannot be started: ${error.message}`)));
    child.on('exit', () => resolve());
  });
  onStop(async () => {
    child.kill();
    await ended;
  });
  await ended;
}

/** Runs until the server ends, which nobody but Ctrl+C should make it do. */
async function openInBrowser(session: Session): Promise<void> {
  const vsix = await packageExtension(path.join(toolsFolder, 'package'));
  say('Installing the extension and starting the VS Code server');
  prepareFolders(session.baseFolder, session.settings);
  await installPackage(session.baseFolder, vsix);
  const server = await startServer({ baseFolder: session.baseFolder, env: session.env });
  say('Open this URL in a browser; press Ctrl+C to end');
  console.log(`\n  ${server.origin}/?folder=${session.workspace}\n`);
  await waitFor('the end', () => !server.isRunning(), { limitMs: Infinity, everyMs: 1000 });
  throw new Failure('The VS Code server ended by itself: start again.');
}
