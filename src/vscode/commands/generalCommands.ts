import * as vscode from 'vscode';
import type { CommandHandlers } from '../commands.ts';
import { configurationSection, viewIds } from '../ids.ts';
import type { LogChannel } from '../logChannel.ts';

type Ids = 'ossDownloader.showDownloads' | 'ossDownloader.showLog' | 'ossDownloader.openSettings';

/** Where everything is found. */
export function generalCommands(log: LogChannel): Pick<CommandHandlers, Ids> {
  return {
    'ossDownloader.showDownloads': async () => {
      await vscode.commands.executeCommand(`${viewIds.downloads}.focus`);
    },
    'ossDownloader.showLog': () => log.show(),
    'ossDownloader.openSettings': async () => {
      await vscode.commands.executeCommand('workbench.action.openSettings', configurationSection);
    },
  };
}
