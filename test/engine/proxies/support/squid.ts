import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../../../../scripts/support/programs.ts';
import { freePort } from '../../../support/ports.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import { selfSignedCertificate } from '../../../unit/oss/support/selfSigned.ts';
import { runProxy } from './proxyProgram.ts';
import type { RunningProxy } from './proxyProgram.ts';

/** A name that only the proxy resolves, to this machine: addresses of the loopback are never sent through a proxy. */
export const proxiedHost = 'oss.proxytest.example';

export interface Squid extends RunningProxy {
  /**
   * Of the authority that intercepting certificates come from, or the proxy's own where one speaks TLS to it; else
   * empty.
   */
  readonly caPem: string;
}

export interface SquidOptions {
  /** `user:password` that it asks for. */
  readonly login?: string;
  /** Ends TLS itself, with certificates of its own. */
  readonly intercepts?: boolean;
  /** Is spoken to over TLS. */
  readonly isSecure?: boolean;
}

const certgen = '/usr/lib/squid/security_file_certgen';

/** The proxy of most companies. @returns undefined where it is not installed */
export async function startSquid(options: SquidOptions = {}): Promise<Squid | undefined> {
  const program = findProgram(['squid', '/usr/sbin/squid']);
  if (program === undefined || findProgram([certgen]) === undefined) {
    return undefined;
  }
  const folder = tempFolder();
  const port = await freePort();
  const at = (name: string): string => path.join(folder.path, name);
  // Started by root it works as a user of its own.
  chmodSync(folder.path, 0o777);
  writeFileSync(at('hosts'), `127.0.0.1 ${proxiedHost}\n`);
  writeFileSync(at('access.log'), '', { mode: 0o666 });
  chmodSync(at('access.log'), 0o666);
  const caPem =
    options.intercepts === true
      ? makeAuthority(folder.path)
      : options.isSecure === true
        ? writeOwnCertificate(at('ca.pem'))
        : '';
  writeFileSync(at('squid.conf'), configuration(at, port, options));
  const proxy = await runProxy({
    program,
    args: ['-N', '-f', at('squid.conf')],
    port,
    logFile: at('access.log'),
    logLine: /./,
    cleanUp: () => folder.remove(),
  });
  return { ...proxy, caPem };
}

function configuration(
  at: (name: string) => string,
  port: number,
  { login, intercepts = false, isSecure = false }: SquidOptions,
): string {
  const lines = [
    isSecure
      ? `https_port 127.0.0.1:${port} tls-cert=${at('ca.pem')}`
      : intercepts
        ? `http_port 127.0.0.1:${port} ssl-bump tls-cert=${at('ca.pem')} generate-host-certificates=on`
        : `http_port 127.0.0.1:${port}`,
    ...(intercepts
      ? [
          `sslcrtd_program ${certgen} -s ${at('certificates')} -M 4MB`,
          'ssl_bump bump all',
          'sslproxy_cert_error allow all',
          'tls_outgoing_options flags=DONT_VERIFY_PEER',
        ]
      : []),
    `hosts_file ${at('hosts')}`,
    `pid_filename ${at('squid.pid')}`,
    `access_log stdio:${at('access.log')}`,
    'cache_log /dev/null',
    'logfile_rotate 0',
    'netdb_filename none',
    'visible_hostname proxytest.example',
    'shutdown_lifetime 0 seconds',
    'cache deny all',
  ];
  if (login !== undefined) {
    const [user = '', password = ''] = login.split(':');
    writeFileSync(
      at('login.sh'),
      `#!/bin/sh\nwhile read -r user password; do if [ "$user $password" = "${user} ${password}" ]; then echo OK; ` +
        `else echo ERR; fi; done\n`,
    );
    chmodSync(at('login.sh'), 0o755);
    lines.push(
      `auth_param basic program ${at('login.sh')}`,
      'auth_param basic children 1',
      'acl known proxy_auth REQUIRED',
      'http_access allow known',
    );
  } else {
    lines.push('http_access allow all');
  }
  return `${lines.join('\n')}\nhttp_access deny all\n`;
}

function writeOwnCertificate(file: string): string {
  const { cert, key } = selfSignedCertificate();
  writeFileSync(file, cert + key);
  return cert;
}

/** A certificate authority, and the folder that squid keeps what it issues in. @returns its certificate */
function makeAuthority(folder: string): string {
  const cert = path.join(folder, 'cert.pem');
  const key = path.join(folder, 'key.pem');
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=Intercepting Test CA',
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  );
  writeFileSync(path.join(folder, 'ca.pem'), readFileSync(cert, 'utf8') + readFileSync(key, 'utf8'));
  const store = path.join(folder, 'certificates');
  execFileSync(certgen, ['-c', '-s', store, '-M', '4MB'], { stdio: 'ignore' });
  for (const name of ['', 'certs', 'index.txt', 'size']) chmodSync(path.join(store, name), 0o777);
  mkdirSync(path.join(store, 'certs'), { recursive: true });
  return readFileSync(cert, 'utf8');
}
