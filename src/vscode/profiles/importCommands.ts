import * as vscode from 'vscode';
import { fromErrorRecord } from '../../base/errors.ts';
import type { FoundSource } from '../../oss/credentials/findSources.ts';
import type { Profile } from '../../oss/profile.ts';
import { offer } from '../ui/offer.ts';
import { withCancellableProgress } from '../ui/progress.ts';
import { runCommand } from '../commands.ts';
import type { CommandHandlers } from '../commands.ts';
import { foundRow, importedProfile, isThere } from './foundSources.ts';
import { saveChecked } from './saveProfile.ts';
import type { ProfileCommandParts } from './saveProfile.ts';
import { askEndpoint, noAnswers, profileFrom } from './profileWizard.ts';

type Find = (signal: AbortSignal) => Promise<readonly FoundSource[]>;

/** Command that imports credentials sources of this machine; only their locations are stored. */
export function importCommands(
  parts: ProfileCommandParts,
  find: Find,
): Pick<CommandHandlers, 'ossDownloader.importProfile'> {
  return {
    'ossDownloader.importProfile': async () => {
      const found = await withCancellableProgress(vscode.l10n.t('Looking for profiles on this computer'), find);
      if (found.length === 0) {
        tellNothing();
        return;
      }
      for (const source of (await choose(parts, found)) ?? []) {
        if (source.problem === undefined) {
          await importOne(parts, source);
        } else {
          parts.errors.show(fromErrorRecord(source.problem));
        }
      }
    },
  };
}

async function choose(
  { profiles }: ProfileCommandParts,
  found: readonly FoundSource[],
): Promise<readonly FoundSource[] | undefined> {
  const known = profiles.all();
  const rows = found.map((source) => ({ ...foundRow(source, known, vscode.l10n), source }));
  const usable = rows.filter(({ source }) => source.problem === undefined);
  const picked = await vscode.window.showQuickPick(
    rows.map((row) => ({ ...row, picked: usable.length === 1 && row === usable[0] && !isThere(row.source, known) })),
    {
      title: vscode.l10n.t('Import OSS Profiles'),
      placeHolder: vscode.l10n.t('Found on this computer; read there each time they are needed.'),
      canPickMany: true,
      ignoreFocusOut: true,
      matchOnDescription: true,
    },
  );
  return picked?.map(({ source }) => source);
}

/** Asks for what the source lacks, then checks the profile with a request. */
async function importOne(parts: ProfileCommandParts, found: FoundSource): Promise<void> {
  const plain = importedProfile(found, parts.profiles.names());
  for (;;) {
    const profile = await placed(parts, plain, found);
    if (profile === undefined || (await saveChecked(parts, profile, undefined)) !== 'change') {
      return;
    }
  }
}

async function placed(
  { rules }: ProfileCommandParts,
  profile: Profile,
  { place }: FoundSource,
): Promise<Profile | undefined> {
  if (place.region !== undefined || place.endpoint !== undefined) {
    return profile;
  }
  const answers = await askEndpoint(
    vscode.l10n.t('Where {0} Keeps Its Buckets', profile.name),
    { ...noAnswers, name: profile.name, source: profile.credentials },
    rules,
  );
  return answers === undefined ? undefined : profileFrom(answers, rules);
}

function tellNothing(): void {
  void offer(
    'information',
    vscode.l10n.t(
      'Nothing to import was found: no {0}, no {1}, no OSS_* or ALIBABA_CLOUD_* variables, no role of an ECS ' +
        'instance.',
      '~/.ossutilconfig',
      '~/.aliyun/config.json',
    ),
    [[vscode.l10n.t('Add Profile'), () => runCommand('ossDownloader.addProfile')]],
  );
}
