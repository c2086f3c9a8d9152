import * as vscode from 'vscode';
import { DisposableList } from '../base/disposable.ts';
import type { Disposable } from '../base/disposable.ts';
import type { BucketTreeNode, DownloadArgument } from './treeNodes.ts';

/**
 * Every command with its arguments. Menus pass the clicked item and, in a multi-selection, all selected items; other
 * extensions, tasks and key bindings may pass texts: an `oss://bucket/key` path, a profile name, a download id.
 */
export interface CommandArguments {
  'ossDownloader.addProfile': [];
  'ossDownloader.addPublicBucket': [];
  'ossDownloader.editCredentials': [profile?: string | BucketTreeNode];
  'ossDownloader.importProfile': [];
  'ossDownloader.switchProfile': [profile?: string | BucketTreeNode];
  'ossDownloader.editProfile': [profile?: string | BucketTreeNode];
  'ossDownloader.testConnection': [target?: string | BucketTreeNode];
  'ossDownloader.removeProfile': [profile?: string | BucketTreeNode];
  'ossDownloader.refresh': [node?: BucketTreeNode];
  'ossDownloader.retryListing': [node?: BucketTreeNode];
  'ossDownloader.loadMore': [node?: BucketTreeNode];
  'ossDownloader.filterByPrefix': [node?: BucketTreeNode, text?: string | readonly BucketTreeNode[]];
  'ossDownloader.clearFilter': [node?: BucketTreeNode];
  'ossDownloader.addBucket': [profile?: string | BucketTreeNode, path?: string];
  'ossDownloader.goToPath': [path?: string];
  'ossDownloader.pin': [target?: BucketTreeNode, selection?: readonly BucketTreeNode[]];
  'ossDownloader.unpin': [target?: BucketTreeNode, selection?: readonly BucketTreeNode[]];
  'ossDownloader.copyPath': [target?: string | BucketTreeNode, selection?: readonly BucketTreeNode[]];
  'ossDownloader.copyUrl': [target?: DownloadArgument, selection?: readonly DownloadArgument[]];
  'ossDownloader.copySignedUrl': [target?: DownloadArgument, selection?: readonly DownloadArgument[], seconds?: number];
  'ossDownloader.properties': [target?: DownloadArgument, selection?: readonly DownloadArgument[]];
  'ossDownloader.showVersions': [target?: DownloadArgument, selection?: readonly DownloadArgument[]];
  'ossDownloader.openObject': [target?: DownloadArgument];
  'ossDownloader.previewStart': [target?: DownloadArgument];
  'ossDownloader.restore': [target?: DownloadArgument, selection?: readonly DownloadArgument[], days?: number];
  'ossDownloader.restoreAndDownload': [
    target?: DownloadArgument,
    selection?: readonly DownloadArgument[],
    days?: number,
  ];
  'ossDownloader.download': [target?: DownloadArgument, selection?: readonly DownloadArgument[]];
  'ossDownloader.downloadTo': [target?: DownloadArgument, selection?: readonly DownloadArgument[]];
  'ossDownloader.downloadHere': [folder?: vscode.Uri, selection?: unknown, object?: DownloadArgument];
  'ossDownloader.downloadFromUrl': [url?: string];
  'ossDownloader.enterNewUrl': [id?: string, selection?: readonly string[], url?: string];
  'ossDownloader.pauseDownload': [id?: string, selection?: readonly string[]];
  'ossDownloader.resumeDownload': [id?: string, selection?: readonly string[]];
  'ossDownloader.downloadNext': [id?: string, selection?: readonly string[]];
  'ossDownloader.retryDownload': [id?: string, selection?: readonly string[]];
  'ossDownloader.retryFailed': [];
  'ossDownloader.cancelDownload': [id?: string, selection?: readonly string[]];
  'ossDownloader.removeDownload': [id?: string, selection?: readonly string[]];
  'ossDownloader.resumePartial': [file?: vscode.Uri, selection?: unknown];
  'ossDownloader.discardPartial': [file?: vscode.Uri, selection?: unknown];
  'ossDownloader.pauseAll': [];
  'ossDownloader.resumeAll': [];
  'ossDownloader.clearFinished': [];
  'ossDownloader.exportReport': [id?: string, selection?: readonly string[], file?: vscode.Uri];
  'ossDownloader.exportFullReport': [];
  'ossDownloader.limitSpeed': [megabytesPerSecond?: number];
  'ossDownloader.openFile': [id?: string, selection?: readonly string[]];
  'ossDownloader.revealInExplorer': [id?: string, selection?: readonly string[]];
  'ossDownloader.revealInFileManager': [id?: string, selection?: readonly string[]];
  'ossDownloader.verifyAgain': [id?: string, selection?: readonly string[]];
  'ossDownloader.showDownloads': [];
  'ossDownloader.showLog': [];
  'ossDownloader.openSettings': [];
}

export type CommandId = keyof CommandArguments;

export type CommandHandler<Id extends CommandId> = (...args: CommandArguments[Id]) => void | Promise<void>;

export type CommandHandlers = { readonly [Id in CommandId]: CommandHandler<Id> };

/** Receives the error of a failed command; `retry` runs it again with the same arguments. */
export type CommandFailure = (error: unknown, retry: () => void) => void;

/** Registers all commands, so that every failure is reported. */
export function registerCommands(handlers: CommandHandlers, onFailure: CommandFailure): Disposable {
  const registered = new DisposableList();
  for (const [id, handler] of Object.entries(handlers)) {
    // The table's type ties each id to its handler's arguments; VS Code passes the caller's arguments unchecked.
    const run = handler as (...args: readonly unknown[]) => void | Promise<void>;
    const guarded = async (...args: readonly unknown[]): Promise<void> => {
      try {
        await run(...args);
      } catch (error) {
        onFailure(error, () => void guarded(...args));
      }
    };
    registered.add(vscode.commands.registerCommand(id, guarded));
  }
  return registered;
}

/** Runs a command of this extension with type-checked arguments. */
export function runCommand<Id extends CommandId>(id: Id, ...args: CommandArguments[Id]): void {
  void vscode.commands.executeCommand(id, ...args);
}

/** A link from a tree item to a command of this extension. */
export function commandLink<Id extends CommandId>(
  command: Id,
  title: string,
  ...args: CommandArguments[Id]
): vscode.Command {
  return { command, title, arguments: args };
}
