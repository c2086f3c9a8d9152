import * as vscode from 'vscode';
import type { ObjectActions } from '../../oss/objectActions.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import type { CommandHandlers } from '../commands.ts';
import { objectCount } from '../ui/localFormat.ts';
import { chooseObjects } from '../start/chooseObjects.ts';
import type { ObjectChoiceParts } from '../start/chooseObjects.ts';
import { earliestExpiry, lifetimes, signedText } from './objectTexts.ts';
import { visibleName } from '../ui/displayText.ts';

type Ids = 'ossDownloader.copyUrl' | 'ossDownloader.copySignedUrl';

export interface ShareCommandParts extends ObjectChoiceParts {
  readonly actions: ObjectActions;
}

/** Commands that copy URLs of objects. */
export function shareCommands(parts: ShareCommandParts): Pick<CommandHandlers, Ids> {
  const { actions } = parts;
  const never = new AbortController().signal;
  return {
    'ossDownloader.copyUrl': async (target, selection) => {
      const objects = await chooseObjects(parts, target, selection, vscode.l10n.t('Copy the URL of an OSS object'));
      if (objects.length > 0) {
        const urls = await Promise.all(objects.map((object) => actions.plainUrl(object, never)));
        await vscode.env.clipboard.writeText(urls.join('\n'));
      }
    },

    'ossDownloader.copySignedUrl': async (target, selection, seconds) => {
      const title = vscode.l10n.t('Copy a signed URL of an OSS object');
      const objects = await chooseObjects(parts, target, selection, title);
      const [first] = objects;
      if (first === undefined) {
        return;
      }
      const lifetimeMs = seconds === undefined ? await askLifetime(title) : seconds * 1000;
      if (lifetimeMs === undefined) {
        return;
      }
      const signed = await Promise.all(objects.map((object) => actions.signFor(object, lifetimeMs, never)));
      await vscode.env.clipboard.writeText(signed.map(({ url }) => url).join('\n'));
      const what = objects.length === 1 ? visibleName(formatOssPath(first)) : objectCount(objects.length, vscode.l10n);
      void vscode.window.showWarningMessage(
        signedText(what, earliestExpiry(signed), { l10n: vscode.l10n, language: vscode.env.language }),
      );
    },
  };
}

async function askLifetime(title: string): Promise<number | undefined> {
  const items = lifetimes(vscode.l10n).map(({ label, ms }) => ({ label, ms }));
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('For how long? It is a secret: whoever has the URL can read the object until then.'),
  });
  return chosen?.ms;
}
