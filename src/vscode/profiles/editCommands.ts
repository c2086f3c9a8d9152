import * as vscode from 'vscode';
import type { Profile } from '../../oss/profile.ts';
import { profileOf } from '../treeNodes.ts';
import { runCommand } from '../commands.ts';
import type { CommandHandlers } from '../commands.ts';
import { profileFor } from './profileChoice.ts';
import { saveChecked } from './saveProfile.ts';
import type { ProfileCommandParts } from './saveProfile.ts';
import { answersOf, askEndpoint, profileFrom } from './profileWizard.ts';
import { sourceName } from '../errors/sourceTexts.ts';

type Ids = 'ossDownloader.switchProfile' | 'ossDownloader.editProfile';
type Part = 'endpoint' | 'credentials' | 'settings';

/** Commands that choose the visible profiles and edit one. */
export function editCommands(parts: ProfileCommandParts): Pick<CommandHandlers, Ids> {
  const { profiles } = parts;
  return {
    'ossDownloader.switchProfile': async (target) => {
      await profiles.settled();
      const named = typeof target === 'object' ? profileOf(target) : target;
      const names = named === undefined ? await chooseShown(parts) : [profiles.profile(named).name];
      if (names !== undefined && names.length > 0) {
        await profiles.show(names);
      }
    },
    'ossDownloader.editProfile': async (target) => {
      const profile = await profileFor(profiles, target, vscode.l10n.t('Profile to edit'));
      const part = profile === undefined ? undefined : await choosePart(profile);
      if (profile === undefined || part === undefined) {
        return;
      }
      switch (part) {
        case 'endpoint':
          return editEndpoint(parts, profile);
        case 'credentials':
          runCommand('ossDownloader.editCredentials', profile.name);
          return;
        case 'settings':
          runCommand('ossDownloader.openSettings');
      }
    },
  };
}

async function chooseShown({ profiles }: ProfileCommandParts): Promise<readonly string[] | undefined> {
  const shown = profiles.shownNames();
  const items = profiles
    .all()
    .map(({ name, credentials, region, endpoint }) => ({
      label: name,
      description: [region ?? endpoint ?? '', sourceName(credentials, vscode.l10n)]
        .filter((fact) => fact !== '')
        .join(' · '),
      picked: shown.includes(name),
      name,
    }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Switch Profile'),
    placeHolder: vscode.l10n.t('Profiles that the Buckets view shows'),
    canPickMany: true,
  });
  return picked?.map(({ name }) => name);
}

/** Asks which part to edit; not the name, which unfinished downloads refer to. */
async function choosePart(profile: Profile): Promise<Part | undefined> {
  const { region, endpoint, credentials } = profile;
  const items: readonly (vscode.QuickPickItem & { readonly part: Part })[] = [
    {
      label: vscode.l10n.t('Region or endpoint'),
      description: endpoint ?? region ?? vscode.l10n.t('as its source says'),
      part: 'endpoint',
    },
    ...(credentials === 'accessKey'
      ? [{ label: vscode.l10n.t('Credentials'), description: vscode.l10n.t('AccessKey'), part: 'credentials' as const }]
      : []),
    {
      label: vscode.l10n.t('Everything, in the settings'),
      description: sourceName(credentials, vscode.l10n),
      part: 'settings',
    },
  ];
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Edit Profile {0}', profile.name) }))?.part;
}

async function editEndpoint(parts: ProfileCommandParts, profile: Profile): Promise<void> {
  let given = answersOf(profile);
  for (;;) {
    const answers = await askEndpoint(vscode.l10n.t('Edit Profile {0}', profile.name), given, parts.rules);
    if (answers === undefined) {
      return;
    }
    const credentials = await parts.profiles.storedCredentials(profile.name);
    if ((await saveChecked(parts, profileFrom(answers, parts.rules), credentials)) !== 'change') {
      return;
    }
    given = answers;
  }
}
