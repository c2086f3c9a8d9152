import { publicDomain } from './localCa.ts';
import type { Certificates } from './localCa.ts';
import { logFormat } from './requestLog.ts';
import type { TestObject } from './testObjects.ts';

export interface NginxSetup {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Tells there how many clients are connected. */
  readonly statusPort: number;
  readonly objects: readonly TestObject[];
  /** Folder of the objects. */
  readonly files: string;
  readonly certificates: Certificates;
  readonly limitedBytesPerSecond: number;
}

/**
 * A file server that looks like OSS to those who ask for objects: buckets first in the path, the CRC-64 in each answer.
 */
export function nginxConfiguration({
  port,
  statusPort,
  objects,
  files,
  certificates,
  limitedBytesPerSecond,
}: NginxSetup): string {
  const crcs = objects.map(({ key, crc64 }) => `    "/${key}" ${crc64};`).join('\n');
  return `
daemon off;
worker_processes auto;
pid nginx.pid;
error_log stderr;
events { worker_connections 1024; }
http {
  log_format bench '${logFormat}';
  access_log access.log bench;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  default_type application/octet-stream;
  sendfile on;
  keepalive_requests 100000;
  open_file_cache max=20000;
  map_hash_max_size 65536;
  map_hash_bucket_size 128;
  map $uri $object { default $uri; "~^/(bench|limited)(?<key>/.*)$" $key; }
  map $object $crc {
${crcs}
  }
  ssl_certificate ${certificates.certificateFile};
  ssl_certificate_key ${certificates.keyFile};
  ssl_session_cache shared:bench:10m;
  add_header x-oss-hash-crc64ecma $crc;
  # ali-oss names the bucket here, whatever it was told, where the endpoint is an address
  server {
    listen 127.0.0.1:${port} ssl reuseport;
    server_name bench.${publicDomain};
    location / { alias ${files}/; }
  }
  server {
    listen 127.0.0.1:${statusPort};
    access_log off;
    location / { stub_status; }
  }
  server {
    listen 127.0.0.1:${port} ssl default_server;
    location /bench/ { alias ${files}/; autoindex on; }
    location /limited/ { alias ${files}/; limit_rate ${limitedBytesPerSecond}; }
  }
}
`;
}
