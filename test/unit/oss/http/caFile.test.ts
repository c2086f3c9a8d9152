import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { AppError } from '../../../../src/base/errors.ts';
import { certificatesIn } from '../../../../src/oss/http/caFile.ts';
import { useTempFolder } from '../../../support/useTempFolder.ts';
import { selfSignedCertificate } from '../support/selfSigned.ts';

describe('certificate file', () => {
  const folder = useTempFolder();
  const at = (name: string): string => path.join(folder(), name);
  const written = (text: string): string => {
    writeFileSync(at('ca.pem'), text);
    return at('ca.pem');
  };

  it('a certificate file may hold several certificates and text between them', () => {
    const [first, second] = [selfSignedCertificate().cert.trim(), selfSignedCertificate().cert.trim()];
    assert.deepEqual(certificatesIn(written(`# first\r\n${first}\r\n\r\n# second\n${second}`)), [first, second]);
  });

  it('a certificate file is found in the home folder, from any working directory', () => {
    const file = written(selfSignedCertificate().cert);
    assert.equal(certificatesIn(`~/${path.relative(homedir(), file)}`).length, 1);
    assert.equal(certificatesIn(path.relative(homedir(), file)).length, 1);
  });

  it('an invalid certificate file is named with the reason, and not quoted', function () {
    mkdirSync(at('folder'));
    const cases: [string, RegExp][] = [
      [at('missing'), /ENOENT/],
      [at('folder'), /it is no file/],
      [written('hidden'), /no certificate in PEM form/],
    ];
    const expectFailure = (file: string, reason: RegExp): void =>
      assert.throws(
        () => certificatesIn(file),
        (error) =>
          error instanceof AppError &&
          error.code === 'network/certificate' &&
          error.details.caFile === file &&
          reason.test(error.message) &&
          error.message.includes(file) &&
          !/hidden/.test(error.message),
      );
    for (const [file, reason] of cases) expectFailure(file, reason);
    expectFailure(written('-----BEGIN CERTIFICATE-----\nhidden\n-----END CERTIFICATE-----\n'), /cannot be read/);
    expectFailure(written('x'.repeat(1024 * 1024 + 1)), /more than/);
    if (process.platform === 'win32') return;
    execFileSync('mkfifo', [at('pipe')]);
    expectFailure(at('pipe'), /it is no file/);
  });
});
