import assert from 'node:assert/strict';
import path from 'node:path';
import { writeFile } from 'node:fs/promises';
import { silentLogger } from '../../../support/silentLogger.ts';
import type { CredentialSpec } from '../../../../src/oss/credentials/credentialSpec.ts';
import { CredentialFetcher } from '../../../../src/oss/credentials/credentialFetcher.ts';
import { createUserFiles } from '../../../../src/oss/credentials/userFiles.ts';
import { createDispatcherHolder } from '../../../../src/oss/http/dispatcher.ts';
import type { DispatcherHolder } from '../../../../src/oss/http/dispatcher.ts';
import { useTempFolder } from '../../../support/useTempFolder.ts';
import { never } from '../support/access.ts';
import { directNetwork, rejection } from '../support/answers.ts';
import { rpcSignature, startFakeServices } from './support/fakeServices.ts';
import type { FakeServices } from './support/fakeServices.ts';

const base: CredentialSpec = { kind: 'key', credentials: { accessKeyId: 'a', accessKeySecret: 'secret' } };

describe('credential services', () => {
  const folder = useTempFolder();
  let services: FakeServices;
  let dispatchers: DispatcherHolder;
  let keys: CredentialFetcher;
  let allowed: boolean;
  let asked: string[];
  beforeEach(async () => {
    services = await startFakeServices();
    dispatchers = createDispatcherHolder(directNetwork);
    allowed = true;
    asked = [];
    keys = new CredentialFetcher({
      dispatchers,
      direct: () => dispatchers.current(),
      files: createUserFiles(folder()),
      mayRun: (command) => {
        asked.push(command);
        return Promise.resolve(allowed);
      },
      logger: silentLogger,
      metadataOrigin: services.origin,
    });
  });
  afterEach(async () => {
    keys.close();
    await dispatchers.close();
    await services.close();
  });
  const assume = (fields: object = {}): CredentialSpec => ({
    kind: 'assumeRole',
    base,
    role: { arn: 'acs:ram::1:role/r', stsEndpoint: services.origin, ...fields },
  });
  const get = (spec: CredentialSpec) => keys.get(spec, never);

  it('the fake service signs like the published example', () => {
    const published = {
      AccessKeyId: 'testid',
      Action: 'DescribeRegions',
      Format: 'XML',
      SignatureMethod: 'HMAC-SHA1',
      SignatureNonce: '3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf',
      SignatureVersion: '1.0',
      Timestamp: '2016-02-23T12:46:24Z',
      Version: '2014-05-26',
    };
    assert.equal(rpcSignature('GET', published, 'testsecret'), 'OLeaidS1JvxuMvnyHOwuJ+uX5qY=');
  });

  it('an STS role is assumed with a signed request that carries the whole configuration', async () => {
    const key = await get(
      assume({ sessionName: 'me (*) ~', externalId: 'e!', policy: '{"a b": "c+d"}', durationSeconds: 900 }),
    );
    assert.deepEqual(
      { ...key, expiresAtMs: 0 },
      { accessKeyId: 'STS.1', accessKeySecret: 'secret-1', securityToken: 'token-1', expiresAtMs: 0 },
    );
    const { RoleArn, RoleSessionName, ExternalId, Policy, DurationSeconds, AccessKeyId, SecurityToken } = services.sts;
    assert.deepEqual(
      [RoleArn, RoleSessionName, ExternalId, Policy, DurationSeconds, AccessKeyId, SecurityToken],
      ['acs:ram::1:role/r', 'me (*) ~', 'e!', '{"a b": "c+d"}', '900', 'a', undefined],
    );
  });

  it('an STS role can be assumed with the key of another role or of an instance', async () => {
    await get({
      kind: 'assumeRole',
      base: { kind: 'uri', uri: `${services.origin}/keys?for=me` },
      role: { arn: 'r', stsEndpoint: services.origin },
    }).catch(() => undefined);
    assert.deepEqual(services.asked, ['uri', 'AssumeRole']);
    assert.deepEqual([services.sts['AccessKeyId'], services.sts['SecurityToken']], ['STS.1', 'token-1']);
  });

  it('a refusal by STS names its code, the request and the role, and no secret', async () => {
    services.secret = 'another';
    const error = await rejection(get(assume()));
    assert.deepEqual([error.code, error.details.reason, error.retryable], ['auth/sourceFailed', 'refused', false]);
    assert.match(error.message, /HTTP 400, SignatureDoesNotMatch, request R-1.*role\/r/);
    assert.doesNotMatch(JSON.stringify([error.message, error.details]), /secret/);
  });

  it('STS receives the current token of a file in an unsigned request', async () => {
    await writeFile(path.join(folder(), 'token'), 'first\n');
    const spec: CredentialSpec = {
      kind: 'oidc',
      providerArn: 'acs:ram::1:oidc-provider/p',
      tokenFile: path.join(folder(), 'token'),
      role: { arn: 'r', stsEndpoint: services.origin },
    };
    const first = await get(spec);
    assert.deepEqual(
      [
        services.sts['Action'],
        services.sts['OIDCToken'],
        services.sts['OIDCProviderArn'],
        services.sts['Signature'],
        services.sts['AccessKeyId'],
      ],
      ['AssumeRoleWithOIDC', 'first', 'acs:ram::1:oidc-provider/p', undefined, undefined],
    );
    await writeFile(path.join(folder(), 'token'), 'second');
    assert(first !== undefined);
    keys.forget(first);
    await get(spec);
    assert.equal(services.sts['OIDCToken'], 'second');
  });

  it('ECS returns the role and its key for a token', async () => {
    assert.equal((await get({ kind: 'ecsRole' }))?.accessKeyId, 'STS.3');
    assert.deepEqual(services.asked, ['token', 'roles', 'role']);
    await get({ kind: 'ecsRole', role: 'EcsRole' });
    assert.deepEqual(services.asked.slice(3), ['token', 'role']);
  });

  it('ECS without tokens is asked without one, unless that is forbidden', async () => {
    services.hasTokens = false;
    await get({ kind: 'ecsRole' });
    assert.deepEqual(services.asked, ['token', 'roles', 'role']);
    const error = await rejection(get({ kind: 'ecsRole', isV2Only: true }));
    assert.deepEqual([error.code, error.details.reason], ['auth/sourceFailed', 'refused']);
    const noRole = await rejection(get({ kind: 'ecsRole', role: 'Nobody' }));
    assert.match(noRole.message, /HTTP 404.*has the instance a role/);
  });

  it('a credentials URI is requested with its query, which no error shows', async () => {
    assert.equal((await get({ kind: 'uri', uri: `${services.origin}/keys?for=me` }))?.accessKeyId, 'STS.1');
    const error = await rejection(get({ kind: 'uri', uri: `${services.origin}/keys?for=hidden` }));
    assert.match(error.message, /HTTP 404/);
    assert.doesNotMatch(JSON.stringify([error.message, error.details]), /hidden/);
  });

  it('a credentials URI must use https or this machine, so that no secret is sent in the clear', async () => {
    for (const uri of [
      'http://keys.example/x?hidden',
      'http://10.0.0.1/',
      'ftp://127.0.0.1/',
      'http://id:hidden@127.0.0.1/',
      'nonsense',
      'http://127.0.0.1.example/',
    ]) {
      const error = await rejection(get({ kind: 'uri', uri }));
      assert.equal(error.details.reason, 'incomplete', uri);
      assert.doesNotMatch(error.message, /hidden/);
    }
  });

  it('credential services cannot redirect, and an endless response is cut', async () => {
    const other = await startFakeServices();
    services.failure = { status: 307, body: '', headers: { location: `${other.origin}/` } };
    assert.match((await rejection(get(assume()))).message, /HTTP 307/);
    assert.deepEqual(other.asked, []);
    await other.close();
    for (const status of [200, 500]) {
      services.failure = { status, body: 'x'.repeat(1_000_000) };
      assert.equal((await rejection(get(assume()))).details.reason, 'malformed');
    }
    for (const body of [
      '',
      'null',
      '[]',
      '{"Credentials": {"AccessKeyId": "hidden"}}',
      '{"Credentials": 5}',
      '<html>',
    ]) {
      services.failure = { status: 200, body };
      const error = await rejection(get(assume()));
      assert.deepEqual([error.details.reason, /hidden/.test(error.message)], ['malformed', false]);
    }
  });

  it('an unreachable credential service is a retryable network error', async () => {
    const spec = assume();
    await services.close();
    const error = await rejection(get(spec));
    assert.deepEqual([error.code, error.retryable], ['network/unreachable', true]);
    services = await startFakeServices();
  });

  const node = process.execPath;
  const script = (text: string): string => `"${node}" -e '${text}'`;
  it('a program prints a key after the user allowed it', async () => {
    const command =
      script(
        'console.log(JSON.stringify({mode: "StsToken", access_key_id: "p", access_key_secret: process.argv[1], ' +
          'sts_token: "t", expiration: "2099-01-01T00:00:00Z"}))',
      ) + ' "two words"';
    assert.deepEqual(await get({ kind: 'process', command }), {
      accessKeyId: 'p',
      accessKeySecret: 'two words',
      securityToken: 't',
      expiresAtMs: Date.UTC(2099, 0, 1),
    });
    assert.deepEqual(asked, [command]);
    const ofOssutil = script(
      'console.log(JSON.stringify({AccessKeyId: "p", AccessKeySecret: "s", SecurityToken: "t", Expiration: ' +
        '"2099-01-01T00:00:00Z"}))',
    );
    assert.deepEqual(await get({ kind: 'process', command: ofOssutil }), {
      accessKeyId: 'p',
      accessKeySecret: 's',
      securityToken: 't',
      expiresAtMs: Date.UTC(2099, 0, 1),
    });
    allowed = false;
    const error = await rejection(get({ kind: 'process', command }));
    assert.equal(error.details.reason, 'notAllowed');
    assert.equal(
      (
        await rejection(
          get({
            kind: 'assumeRole',
            base: { kind: 'process', command },
            role: { arn: 'r', stsEndpoint: services.origin },
          }),
        )
      ).details.reason,
      'notAllowed',
    );
    assert.deepEqual(services.asked, []);
  });

  it('a failing, missing or garbled program is reported without its output', async () => {
    for (const [command, reason] of [
      [script('console.log("hidden"); process.exit(3)'), 'failed'],
      ['/no/such/program', 'failed'],
      [script('console.log("hidden")'), 'malformed'],
      [script('for (;;) console.log("hidden".repeat(1000))'), 'failed'],
      ['  ', 'incomplete'],
    ] as const) {
      const error = await rejection(get({ kind: 'process', command }));
      assert.equal(error.details.reason, reason, error.message);
      assert.doesNotMatch(JSON.stringify([error.message, error.details]), /hidden/);
    }
  });
});
