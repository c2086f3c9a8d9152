import assert from 'node:assert/strict';
import { authenticate } from '../../server/signing/authenticate.ts';
import { parseTarget } from '../../server/http/requestTarget.ts';
import { signatureV1, stringToSignV1 } from '../../server/signing/signatureV1.ts';
import { canonicalRequestV4, signatureV4, stringToSignV4 } from '../../server/signing/signatureV4.ts';
import { vectors } from './support/vectors.ts';
import type { SignatureVector } from './support/vectors.ts';

const rules = { cnames: {}, domains: [] };

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function isoBasic(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().replace(/[-:]/g, '').slice(0, 15)}Z`;
}

function presignQuery(vector: SignatureVector, additional: readonly string[]): string {
  const date = isoBasic(vector.signTime);
  const scope = [date.slice(0, 8), vector.region, vector.product, 'aliyun_v4_request'];
  return [
    vector.rawQuery,
    'x-oss-signature-version=OSS4-HMAC-SHA256',
    `x-oss-credential=${encodeURIComponent([vector.accessKeyId, ...scope].join('/'))}`,
    `x-oss-date=${date}`,
    `x-oss-expires=${vector.expiresAt - vector.signTime}`,
    ...(additional.length === 0 ? [] : [`x-oss-additional-headers=${encodeURIComponent(additional.join(';'))}`]),
  ].join('&');
}

function pathOf(vector: SignatureVector, query: string): string {
  return `/${vector.bucket}/${encodeURIComponent(vector.key).replaceAll('%2F', '/')}${query === '' ? '' : `?${query}`}`;
}

describe('V4 signatures: published vectors', () => {
  for (const vector of vectors.signatureV4) {
    const additional = (vector.additionalHeaders ?? []).map((name) => name.toLowerCase()).sort();
    const date = isoBasic(vector.signTime);
    const presign = vector.presign === true;
    const target = pathOf(vector, presign ? presignQuery(vector, additional) : vector.rawQuery);
    const headers = { ...lowerCase(vector.headers), ...(presign ? {} : { 'x-oss-date': date }) };

    it(`V4 vector ${vector.id} has the published canonical request, string to sign and signature`, () => {
      const { bucket, key, query } = parseTarget(target, '127.0.0.1', rules);
      const canonical = canonicalRequestV4({
        method: vector.method,
        bucket,
        key,
        query,
        headers,
        additionalHeaders: additional,
      });
      assert.equal(canonical, vector.derived.canonicalRequest);
      const scope = { date: date.slice(0, 8), region: vector.region, product: vector.product };
      const stringToSign = stringToSignV4(date, scope, canonical);
      assert.equal(stringToSign, vector.derived.stringToSign);
      assert.equal(signatureV4(vector.accessKeySecret, scope, stringToSign), vector.derived.signature);
    });

    if (vector.product === 'oss') {
      it(`V4 vector ${vector.id} is accepted as its user, and refused with another signature`, () => {
        const user = { accessKeyId: vector.accessKeyId, accessKeySecret: vector.accessKeySecret };
        const context = { users: [user], nowMs: vector.signTime * 1000, region: vector.region };
        const attempt = (signature: string): unknown => {
          const signed = presign ? `${target}&x-oss-signature=${signature}` : target;
          const names = additional.length === 0 ? '' : `AdditionalHeaders=${additional.join(';')},`;
          const authorization =
            `OSS4-HMAC-SHA256 Credential=${vector.accessKeyId}/${date.slice(0, 8)}/${vector.region}/oss/aliyun` +
            `_v4_request,${names}Signature=${signature}`;
          return authenticate(
            {
              method: vector.method,
              target: parseTarget(signed, '127.0.0.1', rules),
              headers: { ...headers, ...(presign ? {} : { authorization }) },
            },
            context,
          );
        };
        assert.equal(attempt(vector.derived.signature), user);
        assert.throws(() => attempt('0'.repeat(64)), { code: 'SignatureDoesNotMatch' });
      });
    }
  }
});

describe('V1 signatures: published vectors', () => {
  for (const vector of vectors.signatureV1) {
    it(`V1 vector ${vector.id} has the published string to sign and signature`, () => {
      const { bucket, key, query } = parseTarget(pathOf(vector, vector.rawQuery), '127.0.0.1', rules);
      const date = vector.presign === true ? String(vector.expires) : vector.date;
      const stringToSign = stringToSignV1({
        method: vector.method,
        bucket,
        key,
        query,
        headers: lowerCase(vector.headers),
        date,
      });
      assert.equal(stringToSign, vector.derived.stringToSign);
      assert.equal(signatureV1(vector.accessKeySecret, stringToSign), vector.derived.signature);
    });
  }
});
