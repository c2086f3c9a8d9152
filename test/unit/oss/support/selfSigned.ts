import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';

/**
 * A certificate for 127.0.0.1, also written as IPv6, that nobody vouches for, and its key; both PEM, good for a day,
 * made without openssl.
 */
export function selfSignedCertificate(): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const algorithm = sequence(objectId('2a8648ce3d040302'));
  const name = sequence(tagged(0x31, sequence(objectId('550403'), tagged(0x0c, Buffer.from('oss.example')))));
  const validity = sequence(utcTime(Date.now() - 3_600_000), utcTime(Date.now() + 86_400_000));
  const extension = (id: string, value: Buffer): Buffer => sequence(objectId(id), tagged(0x04, value));
  const extensions = tagged(
    0xa3,
    sequence(
      extension('551d13', sequence(tagged(0x01, Buffer.from([0xff])))),
      extension('551d11', sequence(tagged(0x87, loopback), tagged(0x87, mappedLoopback))),
    ),
  );
  const version = tagged(0xa0, tagged(0x02, Buffer.from([2])));
  const serial = tagged(0x02, Buffer.from([1]));
  const body = sequence(version, serial, algorithm, name, validity, name, publicKey, extensions);
  const signature = sign('sha256', body, createPrivateKey(privateKey));
  const der = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: privateKey,
  };
}

const loopback = Buffer.from([127, 0, 0, 1]);
/** RFC 4291 section 2.5.5.2. */
const mappedLoopback = Buffer.concat([Buffer.alloc(10), Buffer.from([255, 255]), loopback]);

/** One DER value: tag, length, content (X.690). */
function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...items: readonly Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(items));
}

function objectId(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, 'hex'));
}

function utcTime(ms: number): Buffer {
  return tagged(
    0x17,
    Buffer.from(
      new Date(ms)
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2),
    ),
  );
}
