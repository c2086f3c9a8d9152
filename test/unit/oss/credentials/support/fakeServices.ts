import { createHmac } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readAll } from '../../../../server/http/readAll.ts';
import { serve } from '../../support/answers.ts';
import type { LocalServer } from '../../support/answers.ts';

/** STS, the ECS metadata service and a credentials URI, as their documentation describes them, on one local port. */
export interface FakeServices extends LocalServer {
  /** `AssumeRole`, `AssumeRoleWithOIDC`, `token`, `roles`, `role`, `uri`, in the order in which they were asked. */
  readonly asked: string[];
  /** Parameters of the last STS call. */
  sts: Readonly<Record<string, string>>;
  /** How long the keys live that are handed out from now on. */
  lifeMs: number;
  /** Answers everything with this status and body while set. */
  failure:
    { readonly status: number; readonly body: string; readonly headers?: Readonly<Record<string, string>> } | undefined;
  /** False: `PUT /latest/api/token` is not known, as on an old instance. */
  hasTokens: boolean;
  /** Held back until it settles, while set. */
  gate: Promise<void> | undefined;
  /** The secret that AssumeRole must be signed with. */
  secret: string;
}

export async function startFakeServices(): Promise<FakeServices> {
  const state = {
    asked: [] as string[],
    sts: {} as Readonly<Record<string, string>>,
    lifeMs: 3_600_000,
    failure: undefined as FakeServices['failure'],
    hasTokens: true,
    gate: undefined as FakeServices['gate'],
    secret: 'secret',
  };
  const local = await serve((request, response) => void answer(request, response, state));
  return Object.assign(state, local);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  state: Omit<FakeServices, keyof LocalServer>,
): Promise<void> {
  const body = (await readAll(request)).toString('utf8');
  await state.gate;
  const send = (status: number, text: string): ServerResponse => response.writeHead(status).end(text);
  const key = (): Readonly<Record<string, string>> => {
    const count = state.asked.length;
    return {
      AccessKeyId: `STS.${count}`,
      AccessKeySecret: `secret-${count}`,
      SecurityToken: `token-${count}`,
      Expiration: new Date(Date.now() + state.lifeMs).toISOString(),
    };
  };
  const { method = '', url = '' } = request;
  if (state.failure !== undefined) {
    state.asked.push('failure');
    response.writeHead(state.failure.status, state.failure.headers).end(state.failure.body);
    return;
  }
  if (method === 'POST' && url === '/') {
    const parameters = Object.fromEntries(new URLSearchParams(body));
    state.sts = parameters;
    state.asked.push(parameters['Action'] ?? '');
    const { Signature, ...signed } = parameters;
    if (parameters['Action'] === 'AssumeRole' && Signature !== rpcSignature('POST', signed, state.secret)) {
      send(
        400,
        JSON.stringify({
          RequestId: 'R-1',
          Code: 'SignatureDoesNotMatch',
          Message: 'Specified signature is not matched.',
        }),
      );
      return;
    }
    send(
      200,
      JSON.stringify({ RequestId: 'R-2', AssumedRoleUser: { Arn: parameters['RoleArn'] }, Credentials: key() }),
    );
    return;
  }
  const hasToken = request.headers['x-aliyun-ecs-metadata-token'] === 'metadata-token';
  switch (`${method} ${url}`) {
    case 'PUT /latest/api/token':
      state.asked.push('token');
      send(
        state.hasTokens && request.headers['x-aliyun-ecs-metadata-token-ttl-seconds'] !== undefined ? 200 : 404,
        'metadata-token',
      );
      return;
    case 'GET /latest/meta-data/ram/security-credentials/':
      state.asked.push('roles');
      send(hasToken || !state.hasTokens ? 200 : 403, 'EcsRole\n');
      return;
    case 'GET /latest/meta-data/ram/security-credentials/EcsRole':
      state.asked.push('role');
      send(hasToken || !state.hasTokens ? 200 : 403, JSON.stringify({ Code: 'Success', LastUpdated: 'x', ...key() }));
      return;
    case 'GET /keys?for=me':
      state.asked.push('uri');
      send(200, JSON.stringify({ Code: 'Success', ...key() }));
      return;
    default:
      send(404, '<html>not here</html>');
  }
}

/** @see https://www.alibabacloud.com/help/en/sdk/product-overview/rpc-mechanism */
export function rpcSignature(method: string, parameters: Readonly<Record<string, string>>, secret: string): string {
  const encode = (text: string): string =>
    encodeURIComponent(text)
      .replaceAll('!', '%21')
      .replaceAll("'", '%27')
      .replaceAll('(', '%28')
      .replaceAll(')', '%29')
      .replaceAll('*', '%2A');
  const query = Object.keys(parameters)
    .sort()
    .map((name) => `${encode(name)}=${encode(parameters[name] ?? '')}`)
    .join('&');
  return createHmac('sha1', `${secret}&`)
    .update(`${method}&%2F&${encode(query)}`)
    .digest('base64');
}
