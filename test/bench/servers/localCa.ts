import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../../../scripts/install.mjs';
import { findProgram } from '../../../scripts/support/programs.ts';

/** Paths of PEM files. */
export interface Certificates {
  readonly caFile: string;
  /** For 127.0.0.1, and for the bucket `bench` of `publicDomain`. */
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** What ali-oss writes into the Host header where the endpoint is an address, and compares the certificate with. */
export const publicDomain = 'oss-cn-hangzhou.aliyuncs.com';

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'] as const;

/**
 * Makes a certificate authority that lives as long as the benchmark, and a certificate by it: so everybody checks
 * certificates as in real life, and nobody's trust is touched.
 *
 * @throws Failure where openssl is missing
 */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const openssl = findProgram(['openssl']);
  if (openssl === undefined) {
    throw new Failure(
      'openssl is missing, which makes the certificates of the benchmark: install the package openssl.',
    );
  }
  mkdirSync(folder, { recursive: true });
  const run = (...args: readonly string[]): Promise<unknown> => promisify(execFile)(openssl, args, { cwd: folder });
  await run(
    'req',
    '-x509',
    ...curve,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    '-subj',
    '/CN=benchmark CA',
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  );
  await run('req', '-new', ...curve, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=127.0.0.1');
  writeFileSync(
    join(folder, 'server.ext'),
    `subjectAltName=IP:127.0.0.1,DNS:bench.${publicDomain}\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n`,
  );
  await run(
    'x509',
    '-req',
    '-in',
    'server.csr',
    '-CA',
    'ca.pem',
    '-CAkey',
    'ca.key',
    '-CAcreateserial',
    '-out',
    'server.pem',
    '-days',
    '2',
    '-extfile',
    'server.ext',
  );
  return {
    caFile: join(folder, 'ca.pem'),
    certificateFile: join(folder, 'server.pem'),
    keyFile: join(folder, 'server.key'),
  };
}
