import { defaultUser } from '../../server/signing/users.ts';
import type { OssUser } from '../../server/signing/users.ts';
import type { EditorOptions } from './editor.ts';
import type { Workbench } from './workbench.ts';

/** What a person types for a profile with an AccessKey and an endpoint of its own. */
export interface SignInAnswers {
  readonly name: string;
  readonly endpoint: string;
  readonly accessKeyId?: string;
  readonly accessKeySecret?: string;
  readonly securityToken?: string;
}

/** Answers all questions of Add Profile, which the caller has started. */
export async function answerSignIn({ quickInput }: Workbench, answers: SignInAnswers): Promise<void> {
  await quickInput.answer('A name for this profile', answers.name);
  await quickInput.pick('How do you sign in?', 'AccessKey');
  await answerEndpoint({ quickInput }, answers.endpoint);
  await quickInput.answer('Region ID that requests to this endpoint are signed for', 'cn-hangzhou');
  await answerKey({ quickInput }, answers);
}

/** Chooses a custom endpoint where a region is asked for. */
export async function answerEndpoint({ quickInput }: Pick<Workbench, 'quickInput'>, endpoint: string): Promise<void> {
  await quickInput.pick('Region', 'Custom endpoint…');
  await quickInput.answer('Endpoint', endpoint);
}

export async function answerKey(
  { quickInput }: Pick<Workbench, 'quickInput'>,
  key: Pick<SignInAnswers, 'accessKeyId' | 'accessKeySecret' | 'securityToken'>,
): Promise<void> {
  await quickInput.answer('AccessKey ID', key.accessKeyId ?? defaultUser.accessKeyId);
  await quickInput.answer('AccessKey secret', key.accessKeySecret ?? defaultUser.accessKeySecret);
  await quickInput.answer('Security token', key.securityToken ?? '');
}

/** An editor whose only profile, `local`, is signed in to the server by environment variables. */
export function signedIn(
  ossUrl: string,
  machineSettings: Readonly<Record<string, unknown>> = {},
  user: OssUser = defaultUser,
): EditorOptions {
  return {
    settings: {
      'ossDownloader.profiles': [
        { name: 'local', endpoint: ossUrl, region: 'cn-hangzhou', credentials: 'environment' },
      ],
    },
    machineSettings,
    env: {
      OSS_ACCESS_KEY_ID: user.accessKeyId,
      OSS_ACCESS_KEY_SECRET: user.accessKeySecret,
      OSS_SESSION_TOKEN: undefined,
    },
  };
}
