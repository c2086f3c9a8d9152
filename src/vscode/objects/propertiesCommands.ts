import * as vscode from 'vscode';
import type { ObjectActions } from '../../oss/objectActions.ts';
import type { ObjectLister } from '../../oss/objectLister.ts';
import { formatOssPath } from '../../oss/ossPath.ts';
import { withDelayedProgress } from '../ui/progress.ts';
import { runCommand } from '../commands.ts';
import type { CommandHandlers } from '../commands.ts';
import { chooseObjects } from '../start/chooseObjects.ts';
import type { ObjectChoiceParts } from '../start/chooseObjects.ts';
import { objectFacts, versionRow } from './objectTexts.ts';
import { visibleName } from '../ui/displayText.ts';

type Ids = 'ossDownloader.properties' | 'ossDownloader.showVersions';

export interface ObjectCommandParts extends ObjectChoiceParts {
  readonly actions: ObjectActions;
  readonly lister: Pick<ObjectLister, 'head'>;
}

/** Commands that show the properties and versions of an object. */
export function objectCommands(parts: ObjectCommandParts): Pick<CommandHandlers, Ids> {
  const { actions, lister } = parts;
  const context = { l10n: vscode.l10n, language: vscode.env.language };
  return {
    'ossDownloader.properties': async (target, selection) => {
      const [object] = await chooseObjects(parts, target, selection, vscode.l10n.t('Properties of an OSS object'));
      if (object === undefined) {
        return;
      }
      const facts = await withDelayedProgress(async (signal) =>
        objectFacts(await lister.head(object, signal), await actions.plainUrl(object, signal), context),
      );
      const items = facts.map(({ name, shown, copied }) => ({ label: name, description: shown, copied }));
      const title = vscode.l10n.t('Properties of {0}', visibleName(formatOssPath(object)));
      const chosen = await vscode.window.showQuickPick(items, {
        title,
        placeHolder: vscode.l10n.t('Choose one to copy its value'),
        matchOnDescription: true,
        ignoreFocusOut: true,
      });
      if (chosen !== undefined) {
        await vscode.env.clipboard.writeText(chosen.copied);
      }
    },

    'ossDownloader.showVersions': async (target, selection) => {
      const [object] = await chooseObjects(parts, target, selection, vscode.l10n.t('Versions of an OSS object'));
      if (object === undefined) {
        return;
      }
      const versions = await withDelayedProgress((signal) => actions.listVersions(object, signal));
      const items = versions.map((version) => ({ ...versionRow(version, context), version }));
      const name = visibleName(formatOssPath(object));
      const placeHolder =
        items.length === 0 ? vscode.l10n.t('There is no version of it') : vscode.l10n.t('Choose a version to download');
      const chosen = await vscode.window.showQuickPick(items, {
        title: vscode.l10n.t('Versions of {0}', name),
        placeHolder,
        matchOnDescription: true,
        matchOnDetail: true,
      });
      if (chosen?.version.kind === 'version') {
        runCommand('ossDownloader.download', chosen.version.object.ref);
      }
    },
  };
}
