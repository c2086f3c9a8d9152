import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import { AppError } from '../../../src/base/errors.ts';
import { createHttpObjectReader } from '../../../src/oss/http/httpObjectReader.ts';
import { fromNetworkFailure } from '../../../src/oss/networkErrors.ts';
import { assertFails, directNetwork, listen, readAll, serve } from './support/answers.ts';
import { selfSignedCertificate } from './support/selfSigned.ts';

const withCode = (code: string, options?: ErrorOptions): Error => Object.assign(new Error(code, options), { code });

describe('network failures', () => {
  it('each network failure has a code and knows whether a retry can help', () => {
    for (const [systemCode, code, retryable] of [
      ['ENOTFOUND', 'network/nameNotResolved', true],
      ['EAI_AGAIN', 'network/nameNotResolved', true],
      ['ECONNREFUSED', 'network/unreachable', true],
      ['ENETUNREACH', 'network/unreachable', true],
      ['UND_ERR_CONNECT_TIMEOUT', 'network/unreachable', true],
      ['UND_ERR_HEADERS_TIMEOUT', 'network/stalled', true],
      ['UND_ERR_BODY_TIMEOUT', 'network/stalled', true],
      ['ECONNRESET', 'network/interrupted', true],
      ['EPIPE', 'network/interrupted', true],
      ['UND_ERR_SOCKET', 'network/interrupted', true],
      ['CERT_HAS_EXPIRED', 'network/certificate', false],
      ['SELF_SIGNED_CERT_IN_CHAIN', 'network/certificate', false],
      ['ERR_TLS_CERT_ALTNAME_INVALID', 'network/certificate', false],
      ['ERR_SSL_WRONG_VERSION_NUMBER', 'network/unreachable', true],
      ['EWHATEVER', 'internal', false],
    ] as const) {
      const error = fromNetworkFailure(withCode(systemCode), 'oss.example');
      assert.deepEqual(
        [error.code, error.retryable, error.details.subject],
        [code, retryable, 'oss.example'],
        systemCode,
      );
      assert(error.message.includes(systemCode));
    }
  });

  it('network failures are found in causes and among the addresses tried', () => {
    const wrapped = new Error('fetch failed', {
      cause: new AggregateError([withCode('EHOSTUNREACH'), withCode('ECONNREFUSED')]),
    });
    assert.equal(fromNetworkFailure(wrapped, 'h').code, 'network/unreachable');
    const circular = new Error('round');
    circular.cause = circular;
    assert.equal(fromNetworkFailure(circular, 'h').code, 'internal');
  });

  it('an AppError stays unchanged', () => {
    const error = new AppError('object/changed', 'x');
    assert.equal(fromNetworkFailure(error, 'h'), error);
  });
});

describe('TLS', () => {
  it('an untrusted certificate is refused until the settings trust it or turn the check off', async () => {
    const { cert, key } = selfSignedCertificate();
    const server = await listen(
      createServer({ cert, key }, (_request, response) => response.end('secured')),
      'https',
    );
    const reader = createHttpObjectReader(directNetwork);
    try {
      await assertFails(readAll(reader, { url: `${server.origin}/k` }), 'network/certificate', false);
      reader.setNetwork({ ...directNetwork, extraCertificates: [cert] });
      assert.equal((await readAll(reader, { url: `${server.origin}/k` })).bytes.toString(), 'secured');
      await assertFails(
        readAll(reader, { url: `${server.origin.replace('127.0.0.1', 'localhost')}/k` }),
        'network/certificate',
        false,
      );
      reader.setNetwork({ ...directNetwork, strictTls: false });
      assert.equal((await readAll(reader, { url: `${server.origin}/k` })).bytes.toString(), 'secured');
    } finally {
      await reader.close();
      await server.close();
    }
  });

  it('https to a plain http port is reported as a server without TLS', async () => {
    const server = await serve((_request, response) => response.end('plain'));
    const reader = createHttpObjectReader(directNetwork);
    await assertFails(
      readAll(reader, { url: `${server.origin.replace('http:', 'https:')}/k` }),
      'network/unreachable',
      true,
    );
    await reader.close();
    await server.close();
  });
});
