import * as vscode from 'vscode';
import type { Diagnosis } from '../../oss/diagnosis/diagnosis.ts';
import type { BucketRef } from '../../oss/model.ts';
import type { BucketTreeNode } from '../bucketNodes.ts';
import { signalOf } from '../cancellation.ts';
import type { CommandHandlers } from '../commands.ts';
import { diagnosisText } from '../diagnosisTexts.ts';
import type { LogChannel } from '../logChannel.ts';
import { profileFor } from '../profileChoice.ts';
import type { ProfileStore } from '../profileStore.ts';
import type { ErrorPresenter } from '../showError.ts';
import { plainL10n } from '../localizer.ts';

type Diagnose = (profile: string, bucket: BucketRef | undefined, signal: AbortSignal) => Promise<Diagnosis>;

/** Says in words what stands between this computer and OSS. */
export function connectionCommands(profiles: ProfileStore, diagnose: Diagnose, errors: ErrorPresenter, log: LogChannel): Pick<CommandHandlers, 'ossDownloader.testConnection'> {
  return {
    'ossDownloader.testConnection': async (target) => {
      const profile = await profileFor(profiles, target, vscode.l10n.t('Profile whose connection is tested'));
      if (profile === undefined) {
        return;
      }
      // An anonymous profile and a domain of one bucket list no buckets: there one that was added is tried.
      const listsBuckets = profile.credentials !== 'anonymous' && profile.addressing !== 'cname';
      const bucket = bucketOf(target) ?? (listsBuckets ? undefined : profiles.addedBuckets(profile.name)[0]);
      const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Testing the connection of {0}', profile.name), cancellable: true }, async (_progress, token) => {
        const cancel = signalOf(token);
        try {
          return await diagnose(profile.name, bucket, cancel.signal);
        } finally {
          cancel.dispose();
        }
      });
      const nowMs = Date.now();
      log.log('info', `connection test of the profile ${profile.name}:\n${diagnosisText(found, { l10n: plainL10n, language: 'en', nowMs })}`);
      const text = diagnosisText(found, { l10n: vscode.l10n, language: vscode.env.language, nowMs });
      if (found.failure === undefined) {
        await vscode.window.showInformationMessage(vscode.l10n.t('The connection of {0} works', profile.name), { modal: true, detail: text });
      } else {
        errors.presentAtLength(found.failure.error.code, vscode.l10n.t('The connection of {0} does not work', profile.name), text, { profile: profile.name });
      }
    },
  };
}

function bucketOf(target: string | BucketTreeNode | undefined): BucketRef | undefined {
  if (typeof target !== 'object') {
    return undefined;
  }
  if (target.kind === 'bucket' || target.kind === 'prefix') {
    return target.bucket;
  }
  return target.kind === 'error' && target.parent !== undefined ? bucketOf(target.parent) : undefined;
}
