import { defined } from '../../base/defined.ts';
import * as vscode from 'vscode';
import type { Addressing, CredentialsSource } from '../../oss/profile.ts';
import type { ProfileRules } from './profileRules.ts';
import { askChoice, askText, mapAnswer as map } from '../ui/quickSteps.ts';
import type { Choice, Step } from '../ui/quickSteps.ts';
import { regions, reachChoices } from './regions.ts';

/** Answers about the endpoint of a profile. */
export interface EndpointAnswers {
  readonly source: CredentialsSource;
  /** Kind of answer: a listed region, a typed region, or an endpoint. */
  readonly endpointKind: 'listed' | 'region' | 'endpoint';
  readonly region?: string;
  readonly endpoint?: string;
  readonly addressing?: Addressing;
}

type EndpointChoice = Choice<Pick<EndpointAnswers, 'endpointKind' | 'region' | 'endpoint' | 'addressing'>>;

/** Steps that ask for a region and its network, or for an endpoint and the facts missing from its name. */
export function endpointSteps<S extends EndpointAnswers>(rules: ProfileRules): readonly Step<S>[] {
  return [
    kindStep(),
    endpointStep(rules),
    encryptionStep(rules),
    addressingStep(rules),
    regionOfEndpointStep(rules),
    regionStep(rules),
    reachStep(),
  ];
}

function kindStep<S extends EndpointAnswers>(): Step<S> {
  return {
    ask: async (answers, info) => {
      const given = (kind: EndpointAnswers['endpointKind']): EndpointChoice['value'] => ({
        ...(answers.endpointKind === kind ? endpointAnswersOf(answers) : {}),
        endpointKind: kind,
      });
      const choices: readonly EndpointChoice[] = [
        {
          label: vscode.l10n.t('Custom endpoint…'),
          description: vscode.l10n.t('internal, accelerated, private cloud or own domain'),
          value: given('endpoint'),
        },
        { label: vscode.l10n.t('Another region…'), description: vscode.l10n.t('by its ID'), value: given('region') },
        ...regions(vscode.l10n).map(({ id, name }): EndpointChoice => ({
          label: name,
          description: id,
          value: { endpointKind: 'listed', region: id },
        })),
      ];
      return map(await askChoice(info, vscode.l10n.t('Region'), choices), (chosen) => ({
        ...withoutEndpoint(answers),
        ...chosen,
      }));
    },
  };
}

function endpointStep<S extends EndpointAnswers>(rules: ProfileRules): Step<S> {
  return {
    applies: ({ endpointKind }) => endpointKind === 'endpoint',
    ask: async (answers, info) =>
      map(
        await askText(info, {
          prompt: vscode.l10n.t('Endpoint'),
          placeholder: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
          value: answers.endpoint ?? '',
          validate: (text) => rules.endpointProblem(text),
        }),
        (text) => ({ ...answers, endpoint: text }),
      ),
  };
}

/** Asks for consent to plain HTTP, where the network can read the downloads and reuse the signed URLs. */
function encryptionStep<S extends EndpointAnswers>(rules: ProfileRules): Step<S> {
  return {
    applies: ({ endpointKind, endpoint = '' }) =>
      endpointKind === 'endpoint' && endpoint !== '' && rules.isPlaintextHttp(endpoint),
    ask: async (answers, info) => {
      const secure = (answers.endpoint ?? '').replace(/^http:/i, 'https:');
      const choices: readonly Choice<string>[] = [
        { label: vscode.l10n.t('Use https'), description: secure, value: secure },
        {
          label: vscode.l10n.t('Use http all the same'),
          description: answers.endpoint ?? '',
          detail: vscode.l10n.t(
            'Not encrypted: whoever is on the way can read and change what is downloaded. Only for a network that ' +
              'you trust.',
          ),
          value: answers.endpoint ?? '',
        },
      ];
      return map(await askChoice(info, vscode.l10n.t('This endpoint is not encrypted'), choices), (endpoint) => ({
        ...answers,
        endpoint,
      }));
    },
  };
}

function addressingStep<S extends EndpointAnswers>(rules: ProfileRules): Step<S> {
  return {
    applies: ({ endpointKind, endpoint = '' }) =>
      endpointKind === 'endpoint' && endpoint !== '' && rules.hasAmbiguousAddressing(endpoint),
    ask: async (answers, info) => {
      const choices: readonly Choice<Addressing>[] = [
        {
          label: 'bucket.host/key',
          description: vscode.l10n.t('a service, as most private clouds are'),
          value: 'virtualHosted',
        },
        {
          label: 'host/bucket/key',
          description: vscode.l10n.t('a service without names for its buckets'),
          value: 'path',
        },
        {
          label: 'host/key',
          description: vscode.l10n.t('a domain that is bound to one bucket (CNAME)'),
          value: 'cname',
        },
      ];
      return map(
        await askChoice(info, vscode.l10n.t('How does a request to this endpoint name its bucket?'), choices),
        (addressing) => ({ ...answers, addressing }),
      );
    },
  };
}

function regionOfEndpointStep<S extends EndpointAnswers>(rules: ProfileRules): Step<S> {
  return {
    applies: ({ source, endpointKind, endpoint = '' }) =>
      source !== 'anonymous' && endpointKind === 'endpoint' && endpoint !== '' && !rules.impliesRegion(endpoint),
    ask: async (answers, info) =>
      map(
        await askText(info, {
          prompt: vscode.l10n.t(
            'Region ID that requests to this endpoint are signed for. Leave it empty for an old private cloud: ' +
              'requests are then signed with V1.',
          ),
          placeholder: vscode.l10n.t('Optional'),
          value: answers.region ?? '',
          validate: (text) => (text === '' ? undefined : rules.regionProblem(text)),
        }),
        (text) => ({ ...answers, region: text }),
      ),
  };
}

function regionStep<S extends EndpointAnswers>(rules: ProfileRules): Step<S> {
  return {
    applies: ({ endpointKind }) => endpointKind === 'region',
    ask: async (answers, info) =>
      map(
        await askText(info, {
          prompt: vscode.l10n.t('Region ID'),
          placeholder: 'cn-hangzhou-finance',
          value: answers.region ?? '',
          validate: (text) => rules.regionProblem(text),
        }),
        (text) => ({ ...answers, region: text }),
      ),
  };
}

/** Asks for the network; the public endpoint follows from the region. */
function reachStep<S extends EndpointAnswers>(): Step<S> {
  return {
    applies: ({ endpointKind }) => endpointKind !== 'endpoint',
    ask: async (answers, info) =>
      map(
        await askChoice(info, vscode.l10n.t('How is it reached?'), reachChoices(answers.region ?? '', vscode.l10n)),
        (endpoint) => ({ ...answers, endpoint }),
      ),
  };
}

function endpointAnswersOf({
  region,
  endpoint,
  addressing,
}: EndpointAnswers): Pick<EndpointAnswers, 'region' | 'endpoint' | 'addressing'> {
  return { ...defined({ region, endpoint, addressing }) };
}

/** The answers without those about the endpoint. */
function withoutEndpoint<S extends EndpointAnswers>(answers: S): S {
  const rest: S & { region?: string; endpoint?: string; addressing?: Addressing } = { ...answers };
  delete rest.region;
  delete rest.endpoint;
  delete rest.addressing;
  return rest;
}
