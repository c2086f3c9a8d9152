import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PeerProgram, PeerSetup } from './peerProgram.ts';

export const nginx: PeerProgram = {
  name: 'nginx',
  candidates: ['nginx', '/usr/sbin/nginx'],
  debianPackage: 'nginx-light',
  traits: { ranges: true, etag: true, lastModified: true, preconditions: true, weakWhenFresh: false, sizeIn416: true },
  configure: (setup) => [
    '-p',
    setup.folder,
    '-e',
    'stderr',
    '-c',
    configuration(
      setup,
      `
    daemon off;
    master_process off;
    pid nginx.pid;
    error_log stderr;
    events { }
    http {
      access_log off;
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi; scgi_temp_path scgi;
      server { listen 127.0.0.1:${setup.port}; root ${setup.files}; }
    }`,
    ),
  ],
};

export const apache: PeerProgram = {
  name: 'Apache httpd',
  candidates: ['apache2', '/usr/sbin/apache2'],
  debianPackage: 'apache2-bin',
  traits: { ranges: true, etag: true, lastModified: true, preconditions: true, weakWhenFresh: true, sizeIn416: false },
  configure: (setup) => [
    '-DFOREGROUND',
    '-d',
    setup.folder,
    '-f',
    configuration(
      setup,
      `
    ServerName 127.0.0.1
    Listen 127.0.0.1:${setup.port}
    LoadModule mpm_event_module ${apacheModules}/mod_mpm_event.so
    LoadModule authz_core_module ${apacheModules}/mod_authz_core.so
    DefaultRuntimeDir ${setup.folder}
    PidFile ${setup.folder}/apache.pid
    User nobody
    Group nogroup
    ErrorLog /dev/stderr
    StartServers 1
    DocumentRoot ${setup.files}`,
    ),
  ],
};
const apacheModules = '/usr/lib/apache2/modules';

export const lighttpd: PeerProgram = {
  name: 'lighttpd',
  candidates: ['lighttpd', '/usr/sbin/lighttpd'],
  debianPackage: 'lighttpd',
  traits: {
    ranges: true,
    etag: true,
    lastModified: true,
    preconditions: false,
    weakWhenFresh: false,
    sizeIn416: false,
  },
  configure: (setup) => [
    '-D',
    '-f',
    configuration(setup, lighttpdText(setup, 'mimetype.assign = ( "" => "application/octet-stream" )')),
  ],
};

/**
 * Of a file whose type it does not know this server says neither ETag nor Last-Modified, and honours ranges all the
 * same.
 */
export const lighttpdWithoutTypes: PeerProgram = {
  ...lighttpd,
  name: 'lighttpd without file types',
  traits: { ...lighttpd.traits, etag: false, lastModified: false },
  configure: (setup) => ['-D', '-f', configuration(setup, lighttpdText(setup, ''))],
};

function lighttpdText({ folder, files, port }: PeerSetup, more: string): string {
  // Its cache of file facts holds for a second: a file changed within it would be served under its old ETag.
  return `
    server.bind = "127.0.0.1"
    server.port = ${port}
    server.document-root = "${files}"
    server.upload-dirs = ( "${folder}" )
    server.stat-cache-engine = "disable"
    ${more}`;
}

/** Knows no ranges, no ETag, and of the conditions only If-Modified-Since. */
export const pythonHttpServer: PeerProgram = {
  name: 'python3 -m http.server',
  candidates: ['python3'],
  debianPackage: 'python3',
  traits: {
    ranges: false,
    etag: false,
    lastModified: true,
    preconditions: false,
    weakWhenFresh: false,
    sizeIn416: false,
  },
  configure: ({ port, files }) => ['-m', 'http.server', '--bind', '127.0.0.1', '--directory', files, String(port)],
};

export const peerPrograms: readonly PeerProgram[] = [nginx, apache, lighttpd, lighttpdWithoutTypes, pythonHttpServer];

function configuration({ folder }: PeerSetup, text: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'server.conf');
  writeFileSync(file, `${text}\n`);
  return file;
}
