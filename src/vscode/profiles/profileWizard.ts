import { defined } from '../../base/defined.ts';
import * as vscode from 'vscode';
import type { Credentials, CredentialsSource, Profile } from '../../oss/profile.ts';
import type { ProfileRules } from './profileRules.ts';
import { endpointSteps } from './endpointSteps.ts';
import type { EndpointAnswers } from './endpointSteps.ts';
import { askChoice, askText, mapAnswer as map, runSteps } from '../ui/quickSteps.ts';
import type { Choice, Step } from '../ui/quickSteps.ts';

/** Answers of the profile wizard. */
export interface ProfileAnswers extends EndpointAnswers {
  readonly name: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Empty for a long-term access key. */
  readonly securityToken: string;
}

export const noAnswers: ProfileAnswers = {
  name: '',
  source: 'accessKey',
  endpointKind: 'listed',
  accessKeyId: '',
  accessKeySecret: '',
  securityToken: '',
};

/**
 * Asks for a new profile: name, kind of credentials, endpoint, key. A second run shows the earlier answers and begins
 * with the key, the most frequent mistake.
 */
export function askProfile(given: ProfileAnswers, rules: ProfileRules): Promise<ProfileAnswers | undefined> {
  const key = credentialSteps();
  const all = [nameStep(rules), sourceStep(), ...endpointSteps<ProfileAnswers>(rules), ...key];
  return runSteps(vscode.l10n.t('Add OSS Profile'), given, all, given === noAnswers ? all[0] : key[0]);
}

/** Asks for an access key only. */
export function askCredentials(given: ProfileAnswers): Promise<ProfileAnswers | undefined> {
  return runSteps(vscode.l10n.t('Edit Credentials of {0}', given.name), given, credentialSteps());
}

/** Asks for the endpoint of a public bucket. */
export function askEndpoint(
  title: string,
  given: ProfileAnswers,
  rules: ProfileRules,
): Promise<ProfileAnswers | undefined> {
  return runSteps(title, given, endpointSteps(rules));
}

/** Converts a profile back to answers, without its key. */
export function answersOf({ name, credentials, region, endpoint, addressing }: Profile): ProfileAnswers {
  const location = { ...defined({ addressing, region, endpoint }) };
  return {
    ...noAnswers,
    ...location,
    name,
    source: credentials,
    endpointKind: endpoint === undefined ? 'region' : 'endpoint',
  };
}

/** @param rules decide whether the endpoint's name contains the region, which V4 signatures need */
export function profileFrom(
  { name, source, region, endpoint, addressing }: ProfileAnswers,
  rules: ProfileRules,
): Profile {
  const isRegionKnown = !isBlank(region) || (!isBlank(endpoint) && rules.impliesRegion(endpoint));
  return {
    name,
    credentials: source,
    ...(isBlank(region) ? {} : { region }),
    ...(isBlank(endpoint) ? {} : { endpoint }),
    ...defined({ addressing }),
    ...(isRegionKnown || source === 'anonymous' ? {} : { signature: 'v1' }),
  };
}

/** @returns undefined for a profile without an access key of its own */
export function credentialsFrom({
  source,
  accessKeyId,
  accessKeySecret,
  securityToken,
}: ProfileAnswers): Credentials | undefined {
  return source === 'accessKey'
    ? { accessKeyId, accessKeySecret, ...(securityToken === '' ? {} : { securityToken }) }
    : undefined;
}

function nameStep(rules: ProfileRules): Step<ProfileAnswers> {
  return {
    ask: async (answers, info) =>
      map(
        await askText(info, {
          prompt: vscode.l10n.t('A name for this profile'),
          placeholder: vscode.l10n.t('For example: work'),
          value: answers.name,
          validate: (name) => rules.nameProblem(name),
        }),
        (name) => ({ ...answers, name }),
      ),
  };
}

function sourceStep(): Step<ProfileAnswers> {
  return {
    ask: async (answers, info) => {
      const choices: readonly Choice<CredentialsSource>[] = [
        {
          label: vscode.l10n.t('AccessKey'),
          detail: vscode.l10n.t(
            'AccessKey ID and secret, with a security token if it is temporary. Kept in the secret storage.',
          ),
          value: 'accessKey',
        },
        {
          label: vscode.l10n.t('Anonymous'),
          detail: vscode.l10n.t('Public buckets only. Nothing is signed.'),
          value: 'anonymous',
        },
        {
          label: vscode.l10n.t('Environment'),
          detail: vscode.l10n.t('OSS_ACCESS_KEY_ID and so on, or the ALIBABA_CLOUD_* variables of the SDKs.'),
          value: 'environment',
        },
      ];
      return map(await askChoice(info, vscode.l10n.t('How do you sign in?'), choices), (source) => ({
        ...answers,
        source,
      }));
    },
  };
}

function credentialSteps(): readonly Step<ProfileAnswers>[] {
  const applies = ({ source }: ProfileAnswers): boolean => source === 'accessKey';
  return [
    {
      applies,
      ask: async (answers, info) =>
        map(
          await askText(info, {
            prompt: vscode.l10n.t('AccessKey ID'),
            value: answers.accessKeyId,
            validate: keyProblem,
          }),
          (accessKeyId) => ({ ...answers, accessKeyId }),
        ),
    },
    {
      applies,
      ask: async (answers, info) =>
        map(
          await askText(info, {
            prompt: vscode.l10n.t('AccessKey secret'),
            value: answers.accessKeySecret,
            password: true,
            validate: keyProblem,
          }),
          (accessKeySecret) => ({ ...answers, accessKeySecret }),
        ),
    },
    {
      applies,
      ask: async (answers, info) =>
        map(
          await askText(info, {
            prompt: vscode.l10n.t('Security token of a temporary AccessKey. Leave it empty otherwise.'),
            placeholder: vscode.l10n.t('Optional'),
            value: answers.securityToken,
            password: true,
            validate: (text) => (text === '' ? undefined : keyProblem(text)),
          }),
          (securityToken) => ({ ...answers, securityToken }),
        ),
    },
  ];
}

function isBlank(text: string | undefined): text is undefined | '' {
  return text === undefined || text === '';
}

function keyProblem(text: string): string | undefined {
  if (text === '') {
    return vscode.l10n.t('This cannot be empty.');
  }
  return /^[\x21-\x7e]+$/.test(text)
    ? undefined
    : vscode.l10n.t('It has only letters, digits and signs, and no spaces: copy it again.');
}
