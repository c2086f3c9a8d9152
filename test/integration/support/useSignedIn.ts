import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { startOssServer } from '../../server/ossServer.ts';
import type { OssServer, OssServerOptions } from '../../server/ossServer.ts';
import { defaultUser } from '../../server/signing/users.ts';
import { callCommand } from './callCommand.ts';

const keys = { OSS_ACCESS_KEY_ID: defaultUser.accessKeyId, OSS_ACCESS_KEY_SECRET: defaultUser.accessKeySecret };

/** What the tests of a suite use: a server of their own, and a folder that downloads go to. */
export interface SignedIn {
  readonly oss: OssServer;
  readonly folder: string;
}

/** The user's settings of the extension. */
export function ownSettings(): vscode.WorkspaceConfiguration {
  return vscode.workspace.getConfiguration('ossDownloader');
}

/**
 * Called inside a `describe`: a local OSS server with these buckets, and a user whose only profile, `local`, is signed
 * in to it, from before its tests until after them. Nothing is asked before a download.
 *
 * @param endpointOf how the profile names the server, given its port; default its URL
 * @returns gives server and folder, inside tests and hooks
 */
export function useSignedIn(
  buckets: NonNullable<OssServerOptions['buckets']>,
  endpointOf?: (port: number) => string,
): () => SignedIn {
  let signedIn: SignedIn | undefined;
  let environment: Readonly<Record<string, string | undefined>> = {};
  before(async () => {
    environment = Object.fromEntries(Object.keys(keys).map((name) => [name, process.env[name]]));
    Object.assign(process.env, keys);
    const oss = await startOssServer({ buckets });
    const folder = mkdtempSync(path.join(tmpdir(), 'oss-downloader-integration-'));
    signedIn = { oss, folder };
    await writeSettings({
      profiles: [
        {
          name: 'local',
          endpoint: endpointOf?.(oss.port) ?? oss.url,
          region: 'cn-hangzhou',
          credentials: 'environment',
        },
      ],
      'download.directory': folder,
      'download.askDestination': false,
    });
  });
  after(async () => {
    await callCommand('clearFinished');
    await writeSettings({ profiles: undefined, 'download.directory': undefined, 'download.askDestination': undefined });
    restoreEnvironment(environment);
    await signedIn?.oss.close();
    if (signedIn !== undefined) rmSync(signedIn.folder, { recursive: true, force: true });
    signedIn = undefined;
  });
  return () => {
    if (signedIn === undefined) throw new Error('The server is there only while tests run.');
    return signedIn;
  };
}

/** Sets variables of this process back to what they were; undefined removes one. */
export function restoreEnvironment(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}

async function writeSettings(values: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [key, value] of Object.entries(values)) {
    await ownSettings().update(key, value, vscode.ConfigurationTarget.Global);
  }
}
