import * as vscode from 'vscode';
import { parseBucketOrFolder } from '../oss/ossPath.ts';
import type { OssPath } from '../oss/ossPath.ts';
import type { Profile } from '../oss/profile.ts';
import { problemWith } from './placeTexts.ts';
import { askText } from './quickSteps.ts';

/**
 * Asks for a bucket, or for a folder of it where only that may be read.
 *
 * @param suggestion stands in the box at first
 * @returns its key is empty or ends in `/`; undefined when the user gave up
 */
export async function askBucketOrFolder(title: string, suggestion: string): Promise<OssPath | undefined> {
  const result = await askText(
    { title, step: 1, totalSteps: 1 },
    {
      prompt: vscode.l10n.t('Name of the bucket, or oss://bucket/folder/ where only a folder may be read'),
      placeholder: 'example-bucket',
      value: suggestion,
      validate: (text) => problemWith(text, vscode.l10n),
    },
  );
  return result === undefined || result === 'back' ? undefined : parseBucketOrFolder(result.answer);
}

/** `Public (cn-hangzhou)`, with a number where that is taken. */
export function nameOfPublicProfile(
  { region, endpoint }: Pick<Profile, 'region' | 'endpoint'>,
  taken: readonly string[],
): string {
  const place = endpoint?.replace(/^https?:\/\//, '') ?? region ?? '';
  const name = vscode.l10n.t('Public ({0})', place);
  let candidate = name;
  for (let number = 2; taken.includes(candidate); number += 1) {
    candidate = `${name} ${number}`;
  }
  return candidate;
}
