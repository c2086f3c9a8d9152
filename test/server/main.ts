import { parseArgs } from 'node:util';
import { startOssServer } from './ossServer.ts';
import { addSampleData } from './objects/sampleData.ts';
import { defaultUser } from './signing/users.ts';

const usage = `node test/server/main.ts [options]

  --port N                 port on 127.0.0.1; 0 (default): any free one
  --region NAME            region of the endpoint (default cn-hangzhou)
  --sample                 with sample buckets
  --access-key-id ID       (default ${defaultUser.accessKeyId})
  --access-key-secret KEY  (default ${defaultUser.accessKeySecret})
  --security-token TOKEN   makes the key a temporary one
  --bytes-per-second N     bandwidth of each connection; 0 (default): no limit
  --latency-ms N           wait before each answer
  --honour-if-range        If-Range works as RFC 9110 has it; OSS ignores it
  --plain                  an ordinary file server: no OSS headers, XML or signatures
`;

/** Runs a server until SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      region: { type: 'string', default: 'cn-hangzhou' },
      sample: { type: 'boolean', default: false },
      'access-key-id': { type: 'string', default: defaultUser.accessKeyId },
      'access-key-secret': { type: 'string', default: defaultUser.accessKeySecret },
      'security-token': { type: 'string' },
      'bytes-per-second': { type: 'string', default: '0' },
      'latency-ms': { type: 'string', default: '0' },
      'honour-if-range': { type: 'boolean', default: false },
      plain: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(usage);
    return;
  }
  const token = values['security-token'];
  const server = await startOssServer({
    port: wholeNumber('--port', values.port),
    region: values.region,
    users: [
      {
        accessKeyId: values['access-key-id'],
        accessKeySecret: values['access-key-secret'],
        ...(token === undefined ? {} : { securityToken: token }),
      },
    ],
    bytesPerSecond: wholeNumber('--bytes-per-second', values['bytes-per-second']),
    latencyMs: wholeNumber('--latency-ms', values['latency-ms']),
    honourIfRange: values['honour-if-range'],
    dialect: values.plain ? 'plain' : 'oss',
  });
  if (values.sample) {
    addSampleData(server.store);
  }
  console.log(`OSS server listening on ${server.url}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void server.close());
  }
}

function wholeNumber(option: string, text: string): number {
  if (!/^\d+$/.test(text)) {
    throw new Error(`${option} must be a whole number, not ${JSON.stringify(text)}`);
  }
  return Number(text);
}

main().catch((error: unknown) => {
  console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  process.exitCode = 1;
});
