import * as vscode from 'vscode';
import { AppError } from '../../base/errors.ts';
import type { DownloadSnapshot } from '../../download/model.ts';
import type { CommandHandlers } from '../commands.ts';
import { ConflictPrompt } from './conflict.ts';
import type { DestinationPicker } from './destination.ts';
import { pathIn, queueRequest } from './queueDownloads.ts';
import type { Downloads } from '../list/downloadList.ts';
import { isFocusedRow } from '../list/focusedRow.ts';
import { readSetting } from '../settings/settings.ts';
import type { Transfers } from '../list/notifications.ts';
import { fileName } from '../list/texts.ts';
import type { UrlDownloads } from './urlDownloads.ts';
import { readUrl, urlFileName, urlProblem } from './urlInput.ts';
import { visibleName } from '../ui/displayText.ts';
import { isFinal, isFromUrl } from '../list/row.ts';

type Ids = 'ossDownloader.downloadFromUrl' | 'ossDownloader.enterNewUrl';

export interface UrlCommandParts {
  readonly downloads: Downloads;
  readonly transfers: Transfers;
  readonly destinations: DestinationPicker;
  readonly urls: UrlDownloads;
}

/** Commands that download from pasted URLs: pre-signed ones, and plain ones of any server. */
export function urlCommands({ downloads, transfers, destinations, urls }: UrlCommandParts): Pick<CommandHandlers, Ids> {
  return {
    'ossDownloader.downloadFromUrl': async (given) => {
      const url =
        given === undefined || isFocusedRow(given, downloads)
          ? await askUrl(
              vscode.l10n.t('Download from URL'),
              vscode.l10n.t('A pre-signed URL, or any other that starts with https:// or http://'),
            )
          : readUrl(given);
      if (url === undefined) {
        return;
      }
      const name = urlFileName(url);
      const destination = await destinations.forDownload(visibleName(name));
      if (destination === undefined) {
        return;
      }
      const service = await downloads.start();
      const conflicts = new ConflictPrompt(false);
      const id = await queueRequest(
        service,
        {
          source: { kind: 'url', url },
          ...pathIn(destination, name),
          preserveModified: readSetting('download.preserveModified'),
        },
        (file) => conflicts.ask(file),
      );
      if (id !== undefined) {
        transfers.follow([id]);
        await urls.keep(id, url);
      }
    },

    'ossDownloader.enterNewUrl': async (id, _selection, given) => {
      await downloads.start();
      const download = id === undefined ? await chooseDownload(downloads) : downloads.find(id);
      if (download?.kind !== 'download') {
        if (id !== undefined) {
          throw new AppError('download/notFound', `no such download: ${id}`);
        }
        return;
      }
      const prompt = vscode.l10n.t(
        'Another URL of the same object; the download goes on where it stopped. So far: {0}',
        visibleName(download.label),
      );
      const url =
        given === undefined
          ? await askUrl(vscode.l10n.t('Enter New URL for {0}', fileName(download.path)), prompt)
          : readUrl(given);
      if (url !== undefined) {
        await urls.replace(download.id, url);
        transfers.follow([download.id]);
      }
    },
  };
}

async function askUrl(title: string, prompt: string): Promise<string | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt,
    placeHolder: 'https://',
    ignoreFocusOut: true,
    validateInput: (typed) => (typed.trim() === '' ? undefined : urlProblem(typed, vscode.l10n)),
  });
  return text === undefined || text.trim() === '' ? undefined : readUrl(text);
}

async function chooseDownload(downloads: Downloads): Promise<DownloadSnapshot | undefined> {
  const items = downloads.all
    .filter((row) => row.kind === 'download')
    .filter((download) => isFromUrl(download) && !isFinal(download))
    .map((download) => ({ label: fileName(download.path), description: visibleName(download.label), download }));
  const [only] = items;
  if (items.length === 1 && only !== undefined) {
    return only.download;
  }
  const chosen = await vscode.window.showQuickPick(items, {
    placeHolder: vscode.l10n.t('Choose a download from a URL'),
    matchOnDescription: true,
  });
  return chosen?.download;
}
