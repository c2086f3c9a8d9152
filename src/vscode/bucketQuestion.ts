import * as vscode from 'vscode';
import { AppError } from '../base/errors.ts';
import type { Profile } from '../oss/profile.ts';
import { isBucketName } from '../oss/ossPath.ts';
import { askText } from './quickSteps.ts';

/** Asks for a bucket's name; `oss://bucket/…` is accepted too. @param given a name that another caller passed: checked, not asked */
export async function askBucketName(title: string, given: string | undefined): Promise<string | undefined> {
  if (given !== undefined) {
    const name = bucketIn(given);
    if (!isBucketName(name)) {
      throw new AppError('input/invalidPath', `not a bucket's name: ${given}`, { details: { subject: given } });
    }
    return name;
  }
  const result = await askText(
    { title, step: 1, totalSteps: 1 },
    {
      prompt: vscode.l10n.t('Name of the bucket'),
      placeholder: 'example-bucket',
      validate: (text) => (isBucketName(bucketIn(text)) ? undefined : vscode.l10n.t('A bucket name has 3 to 63 lower-case letters, digits and hyphens.')),
    },
  );
  return result === undefined || result === 'back' ? undefined : bucketIn(result.answer);
}

/** `Public (cn-hangzhou)`, with a number where that is taken. */
export function nameOfPublicProfile({ region, endpoint }: Pick<Profile, 'region' | 'endpoint'>, taken: readonly string[]): string {
  const place = endpoint?.replace(/^https?:\/\//, '') ?? region ?? '';
  const name = vscode.l10n.t('Public ({0})', place);
  let candidate = name;
  for (let number = 2; taken.includes(candidate); number += 1) {
    candidate = `${name} ${number}`;
  }
  return candidate;
}

function bucketIn(text: string): string {
  return /^oss:\/\/([^/]*)/.exec(text.trim())?.[1] ?? text.trim();
}
