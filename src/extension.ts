import path from 'node:path';
import * as vscode from 'vscode';
import type * as ObjectCommandsModule from './vscode/bundles/objectCommands.ts';
import type * as ProfileCommandsModule from './vscode/bundles/profileCommands.ts';
import { hostname } from 'node:os';
import { createRequire } from 'node:module';
import { WorkerClient } from './download/worker/engineClient.ts';
import { createOssAccess } from './oss/api/lazyOssAccess.ts';
import type { AliOssModule } from './oss/api/lazyOssAccess.ts';
import { BucketListings } from './vscode/browse/bucketListings.ts';
import { BucketTree } from './vscode/browse/bucketTree.ts';
import { registerCommands } from './vscode/commands.ts';
import { browseCommands } from './vscode/browse/browseCommands.ts';
import { generalCommands, transferCommands } from './vscode/list/listCommands.ts';
import { askBatchConflict } from './vscode/start/conflict.ts';
import { ContextKeys } from './vscode/ui/contextKeys.ts';
import { DestinationPicker } from './vscode/start/destination.ts';
import { Downloads } from './vscode/list/downloadList.ts';
import { DownloadsTree } from './vscode/list/downloadsTree.ts';
import { stateKeys } from './vscode/ids.ts';
import { BucketRegionCache } from './vscode/profiles/bucketRegionCache.ts';
import { registerFileSystem } from './vscode/objects/lazyFileSystem.ts';
import { LogChannel } from './vscode/ui/logChannel.ts';
import { objectCommandIds, profileCommandIds, lazyCommands } from './vscode/bundles/lazyCommands.ts';
import type { ProfileDialogParts } from './vscode/bundles/profileCommands.ts';
import { followProfiles } from './vscode/browse/followProfiles.ts';
import { offerToCleanPartials } from './vscode/list/partialCleaning.ts';
import { profileStorage } from './vscode/profiles/profileStorage.ts';
import { ProfileStore } from './vscode/profiles/profileStore.ts';
import { CredentialVault, UrlVault } from './vscode/profiles/secrets.ts';
import { showRestored } from './vscode/objects/restoredNotice.ts';
import { RestoreWatch } from './vscode/objects/restoreWatch.ts';
import { onSettingsChange, readLimits, readNetwork, readSetting } from './vscode/settings/settings.ts';
import { ErrorPresenter } from './vscode/errors/showError.ts';
import { resumeEarlierDownloads } from './vscode/list/startup.ts';
import { StatusBar } from './vscode/list/statusBar.ts';
import { Transfers } from './vscode/list/notifications.ts';
import { UrlDownloads } from './vscode/start/urlDownloads.ts';
import { promptForUrl } from './vscode/start/urlNotice.ts';

let shutdown: () => Promise<void> = () => Promise.resolve();

/** Creates and connects all parts; expensive ones are created on first use. */
export function activate(context: vscode.ExtensionContext): void {
  const own = context.subscriptions;
  const keep = <T extends vscode.Disposable>(item: T): T => {
    own.push(item);
    return item;
  };
  const dist = path.join(context.extensionPath, 'dist');
  const storagePath = context.globalStorageUri.fsPath;
  const load = createRequire(path.join(dist, 'extension.cjs'));
  // Each of these is a separate bundle, built from the module that gives its type.
  const loadAliOss = (): Promise<AliOssModule> => Promise.resolve().then(() => load('./aliOss.cjs') as AliOssModule);
  const loadObjectCommands = () => load('./objectCommands.cjs') as typeof ObjectCommandsModule;
  const loadProfileCommands = () => load('./profileCommands.cjs') as typeof ProfileCommandsModule;

  const log = keep(new LogChannel());
  const errors = new ErrorPresenter(log);
  const contextKeys = new ContextKeys();
  const vault = new CredentialVault(context.secrets, log);
  const urlVault = new UrlVault(context.secrets, log);
  const profiles = keep(new ProfileStore(profileStorage(context.globalState), vault));
  const bucketRegions = new BucketRegionCache(context.globalState, stateKeys.bucketRegions);
  const oss = createOssAccess(
    { profiles, network: readNetwork, logger: log, pageSize: () => readSetting('list.pageSize'), bucketRegions },
    loadAliOss,
  );
  const host = { ...oss, askConflict: askBatchConflict };
  const downloads = keep(
    new Downloads(
      (listener) =>
        new WorkerClient(
          path.join(dist, 'downloadWorker.cjs'),
          { storagePath, limits: readLimits(), network: readNetwork() },
          host,
          listener,
          log,
          urlVault,
        ),
    ),
  );
  shutdown = async () => {
    await Promise.all([downloads.shutdown(), oss.close()]);
  };
  const transfers = new Transfers(downloads, errors);
  const urls = keep(
    new UrlDownloads(downloads, urlVault, {
      onWaiting: (download) => transfers.isOwn(download.id) && promptForUrl(download),
    }),
  );

  const listings = new BucketListings(oss, profiles, (error) => void errors.record(error));
  const tree = keep(new BucketTree(listings, profiles));
  keep(new DownloadsTree(downloads, contextKeys));
  keep(new StatusBar(downloads));
  keep(onSettingsChange(['ossDownloader.transfer'], () => downloads.setLimits(readLimits())));
  keep(
    onSettingsChange(['http', 'ossDownloader.network'], () => {
      downloads.setNetwork(readNetwork());
      oss.setNetwork(readNetwork());
    }),
  );

  const isRemote =
    vscode.env.remoteName !== undefined && context.extension.extensionKind === vscode.ExtensionKind.Workspace;
  const destinations = new DestinationPicker(context.globalState, isRemote ? hostname() : undefined);
  const restores = keep(
    new RestoreWatch({
      load: () => context.globalState.get(stateKeys.pendingRestores),
      save: (pending) => context.globalState.update(stateKeys.pendingRestores, pending),
      head: (object, signal) => oss.head(object, signal),
      onReady: showRestored,
      logger: log,
    }),
  );
  let objectFiles: ReturnType<typeof ObjectCommandsModule.createObjectFileSystem> | undefined;
  const loadObjectFiles = (): NonNullable<typeof objectFiles> =>
    (objectFiles ??= keep(loadObjectCommands().createObjectFileSystem({ lister: oss, downloads }, errors)));
  keep(registerFileSystem(loadObjectFiles));
  const profileParts: ProfileDialogParts = {
    profiles,
    lister: oss,
    errors,
    log,
    findSources: (signal) => oss.findSources(signal),
    diagnose: (name, place, signal) => oss.diagnose(name, place, signal),
  };
  keep(
    registerCommands(
      {
        ...lazyCommands(profileCommandIds, () => loadProfileCommands().createProfileCommands(profileParts)),
        ...browseCommands(tree, profiles),
        ...lazyCommands(objectCommandIds, () =>
          loadObjectCommands().createObjectCommands({
            profiles,
            listings,
            actions: oss,
            lister: oss,
            downloads,
            transfers,
            destinations,
            urls,
            watch: (objects) => restores.add(objects),
            expectObject: (file, known) => loadObjectFiles().expect(file, known),
            reveal: (row) => tree.reveal(row),
          }),
        ),
        ...transferCommands(downloads, transfers),
        ...generalCommands(log),
      },
      (error, retry) => errors.show(error, { retry }),
    ),
  );

  keep(
    afterwards(() => {
      keep(followProfiles(profiles, context.secrets, tree, contextKeys, log));
      keep(offerToCleanPartials(downloads, context.globalState, (error) => errors.show(error)));
      keep(resumeEarlierDownloads(downloads, transfers, errors, storagePath));
    }),
  );
}

/** Defers a task until activation has returned; disposing cancels it. */
function afterwards(task: () => void): vscode.Disposable {
  const immediate = setImmediate(task);
  return new vscode.Disposable(() => clearImmediate(immediate));
}

export async function deactivate(): Promise<void> {
  await shutdown();
}
