import type { ErrorDetails, SourceProblem } from '../../base/errors.ts';
import type { CredentialsSource } from '../../oss/profile.ts';
import type { Localizer } from '../ui/localizer.ts';

type Sentence = (l10n: Localizer, subject: string) => string;

const sentences: Readonly<Record<SourceProblem, Sentence>> = {
  missing: (l10n, subject) =>
    l10n.t(
      '{0} does not exist. Create it with the tool that it belongs to, or choose another way to sign in.',
      subject,
    ),
  unreadable: (l10n, subject) =>
    l10n.t('{0} may not be read. Change its permissions so that you may read it.', subject),
  malformed: (l10n, subject) =>
    l10n.t(
      '{0} holds no credentials in a form that is known. Correct it, or make it anew with the tool that it belongs to.',
      subject,
    ),
  incomplete: (l10n, subject) => l10n.t('Something that signing in needs is missing: {0}. The log says what.', subject),
  unsupported: (l10n, subject) =>
    l10n.t('This way to sign in cannot be used with OSS: {0}. Choose another one.', subject),
  expired: (l10n, subject) =>
    l10n.t('The temporary key has ended: {0}. Sign in again with the tool that it belongs to.', subject),
  refused: (l10n, subject) => l10n.t('No key was given by {0}. The log says why.', subject),
  failed: (l10n, subject) =>
    l10n.t('The program {0} failed and gave no key. Run it in a terminal to see why.', subject),
  notAllowed: (l10n, subject) =>
    l10n.t(
      'The command was not allowed to run: {0}. Try again to be asked again; in Restricted Mode no command runs.',
      subject,
    ),
};

/** Sentence about a failed credentials source: the reason and the remedy. */
export function sourceSentence(l10n: Localizer, { reason = 'refused', subject }: ErrorDetails): string {
  return sentences[reason](l10n, subject ?? l10n.t('the source of credentials'));
}

/** Short variants that fit into a row of a list, which itself names the file. */
const shortSentences: Readonly<Record<SourceProblem, Sentence>> = {
  ...sentences,
  missing: (l10n) => l10n.t('Cannot be used: the file does not exist.'),
  unreadable: (l10n) => l10n.t("Cannot be used: change the file's permissions so that you may read it."),
  malformed: (l10n) => l10n.t('Cannot be used: the file holds no credentials in a form that is known.'),
  incomplete: (l10n, what) =>
    what === ''
      ? l10n.t('Cannot be used: something is missing.')
      : l10n.t('Cannot be used, something is missing: {0}', what),
  unsupported: (l10n, what) => l10n.t('Cannot be used: OSS does not take {0}.', what),
  expired: (l10n) => l10n.t('Cannot be used: its temporary key has ended. Sign in again with the CLI.'),
};

/**
 * Why a source that was found gives no key.
 *
 * @param where the file that it was found in: not said again
 * @param mode how it signs in, in the words of its tool
 */
export function shortSourceSentence(
  l10n: Localizer,
  { reason = 'refused', subject = '' }: ErrorDetails,
  where: string,
  mode: string,
): string {
  const what = subject.startsWith(where) ? subject.slice(where.length).trim() : subject;
  return shortSentences[reason](l10n, reason === 'unsupported' && mode !== '' ? mode : what);
}

/** Where a profile's key comes from, in a few words. */
export function sourceName(source: CredentialsSource, l10n: Localizer): string {
  switch (source) {
    case 'accessKey':
      return l10n.t('the secret storage');
    case 'anonymous':
      return l10n.t('nowhere: it is anonymous');
    case 'environment':
      return l10n.t('the environment variables');
    default:
      return externalName(source, l10n);
  }
}

function externalName(source: Exclude<CredentialsSource, string>, l10n: Localizer): string {
  switch (source.from) {
    case 'ossutil':
      return named(source.file ?? '~/.ossutilconfig', source.profile);
    case 'aliyunCli':
      return named(source.file ?? '~/.aliyun/config.json', source.profile);
    case 'ecsRole':
      return l10n.t('the role of this ECS instance');
    case 'oidc':
      return l10n.t('the token in {0}', source.tokenFile);
    case 'assumeRole':
      return l10n.t('the role {0} with the key of {1}', source.roleArn, source.profile);
    case 'uri':
      return l10n.t('a credentials URI');
    case 'process':
      return l10n.t('a program');
  }
}

function named(file: string, profile: string | undefined): string {
  return profile === undefined || profile === '' ? file : `${file} (${profile})`;
}
