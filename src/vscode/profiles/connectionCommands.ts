import * as vscode from 'vscode';
import type { Diagnosis } from '../../oss/diagnosis/diagnosis.ts';
import type { BucketLocation } from '../../oss/model.ts';
import { bucketLocationOf } from '../treeNodes.ts';
import { withCancellableProgress } from '../ui/progress.ts';
import type { CommandHandlers } from '../commands.ts';
import { diagnosisText } from './diagnosisTexts.ts';
import type { LogChannel } from '../ui/logChannel.ts';
import { isRefusedByPolicy } from './bucketLocationTexts.ts';
import { profileFor } from './profileChoice.ts';
import type { ProfileStore } from './profileStore.ts';
import type { ErrorPresenter } from '../errors/showError.ts';
import { plainL10n } from '../ui/localizer.ts';

type Diagnose = (profile: string, location: BucketLocation | undefined, signal: AbortSignal) => Promise<Diagnosis>;

/** Command that diagnoses the connection to OSS. */
export function connectionCommands(
  profiles: ProfileStore,
  diagnose: Diagnose,
  errors: ErrorPresenter,
  log: LogChannel,
): Pick<CommandHandlers, 'ossDownloader.testConnection'> {
  return {
    'ossDownloader.testConnection': async (target) => {
      const profile = await profileFor(profiles, target, vscode.l10n.t('Profile whose connection is tested'));
      if (profile === undefined) {
        return;
      }
      // An anonymous profile and a domain of one bucket cannot list buckets: a pinned bucket is tried instead.
      const listsBuckets = profile.credentials !== 'anonymous' && profile.addressing !== 'cname';
      const [pin] = profiles.pinned(profile.name);
      const location =
        (typeof target === 'object' ? bucketLocationOf(target) : undefined) ?? (listsBuckets ? undefined : pin);
      const found = await withCancellableProgress(
        vscode.l10n.t('Testing the connection of {0}', profile.name),
        (signal) => diagnoseAsUsed(diagnose, profile.name, location, pin, signal),
      );
      const nowMs = Date.now();
      log.log(
        'info',
        `connection test of the ` +
          `profile ${profile.name}:\n${diagnosisText(found, { l10n: plainL10n, language: 'en', nowMs })}`,
      );
      const text = diagnosisText(found, { l10n: vscode.l10n, language: vscode.env.language, nowMs });
      if (found.failure === undefined) {
        await vscode.window.showInformationMessage(vscode.l10n.t('The connection of {0} works', profile.name), {
          modal: true,
          detail: text,
        });
      } else {
        const { check, error } = found.failure;
        // A failure before the key is used may mean a wrong endpoint, unless the proxy refused.
        const also =
          check !== 'key' && check !== 'permission' && error.details.proxy === undefined
            ? ['editProfile' as const]
            : [];
        errors.presentAtLength(error.code, vscode.l10n.t('The connection of {0} does not work', profile.name), text, {
          profile: profile.name,
          also,
        });
      }
    },
  };
}

/** Diagnoses a pinned bucket or folder if the profile may not list buckets. */
async function diagnoseAsUsed(
  diagnose: Diagnose,
  profile: string,
  location: BucketLocation | undefined,
  pin: BucketLocation | undefined,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const found = await diagnose(profile, location, signal);
  const isOnlyRefused = found.failure?.check === 'permission' && isRefusedByPolicy(found.failure.error);
  return location === undefined && pin !== undefined && isOnlyRefused ? diagnose(profile, pin, signal) : found;
}
