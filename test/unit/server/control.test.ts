import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LoggedRequest } from '../../server/http/requestLog.ts';
import type { OssServer } from '../../server/ossServer.ts';
import { startOssServer } from '../../server/ossServer.ts';
import { send } from './support/rawClient.ts';
import type { RawResponse } from './support/rawClient.ts';
import { until } from './support/until.ts';

describe('control URL of the local server', () => {
  let server: OssServer;

  beforeEach(async () => {
    server = await startOssServer({ buckets: { bucket: { acl: 'public-read' } } });
    server.store.bucket('bucket').put('o', { text: 'content' });
  });
  afterEach(() => server.close());

  const post = async (path: string, body: unknown): Promise<{ status: number; json: unknown }> => {
    const response = await send(server.port, { method: 'POST', path, body: JSON.stringify(body) });
    return { status: response.status, json: JSON.parse(response.body.toString()) };
  };
  const get = (signal?: AbortSignal): Promise<RawResponse> =>
    send(server.port, { path: '/bucket/o', ...(signal === undefined ? {} : { signal }) });

  it('the control URL adds and shows faults, and clears them with the log', async () => {
    await post('/-/faults', [{ match: { key: 'o' }, action: { kind: 'error', status: 500, code: 'InternalError' } }]);
    assert.equal((await get()).status, 500);
    const shown = JSON.parse((await send(server.port, { path: '/-/faults' })).body.toString()) as { seen: number }[];
    assert.equal(shown[0]?.seen, 1);
    await post('/-/reset', {});
    assert.equal((await get()).status, 200);
  });

  it('the control URL shows the requests, except its own', async () => {
    await send(server.port, { path: '/bucket/o', headers: { range: 'bytes=1-2' } });
    const log = JSON.parse((await send(server.port, { path: '/-/requests' })).body.toString()) as LoggedRequest[];
    assert.equal(log.length, 1);
    const { method, bucket, key, range, status, bodyBytes, outcome, connection } = log[0]!;
    assert.deepEqual(
      [method, bucket, key, range, status, bodyBytes, outcome, connection],
      ['GET', 'bucket', 'o', 'bytes=1-2', 206, 2, 'complete', 1],
    );
  });

  it('the control URL changes objects and settings', async () => {
    await post('/-/objects', [{ kind: 'put', bucket: 'bucket', key: 'o', content: { text: 'new' } }]);
    assert.equal((await get()).body.toString(), 'new');
    await post('/-/objects', [{ kind: 'delete', bucket: 'bucket', key: 'o' }]);
    assert.equal((await get()).status, 404);
    await post('/-/settings', { dialect: 'plain' });
    assert.equal((await get()).headers['content-type'], 'text/plain');
  });

  it('the control URL restores an archived object at a chosen time', async () => {
    server.store.addBucket('cold', { acl: 'public-read', storageClass: 'ColdArchive' }).put('c', { text: 'thawed' });
    await post('/-/objects', [
      { kind: 'restore', bucket: 'cold', key: 'c', readyMs: 0, expiresMs: Date.now() + 60_000 },
    ]);
    assert.equal((await send(server.port, { path: '/cold/c' })).body.toString(), 'thawed');
  });

  it('an invalid control request is refused with the reason', async () => {
    const notJson = await send(server.port, { method: 'POST', path: '/-/faults', body: 'nonsense' });
    assert.deepEqual([notJson.status, /not JSON: nonsense/.test(notJson.body.toString())], [400, true]);
    assert.deepEqual((await post('/-/objects', [{ kind: 'delete', bucket: 'none', key: 'o' }])).json, {
      error: 'no bucket none on the local server; there are: bucket',
    });
    assert.equal((await post('/-/unknown', {})).status, 400);
    assert.match(
      JSON.stringify((await post('/-/faults', [{ action: { kind: 'explode' } }])).json),
      /no fault explode; there are: cut, drop/,
    );
    assert.match(
      JSON.stringify((await post('/-/objects', [{ kind: 'paint', bucket: 'bucket', key: 'o' }])).json),
      /no change .*paint/,
    );
    assert.match(
      JSON.stringify((await post('/-/settings', { colour: 'red' })).json),
      /no setting colour; there are: region/,
    );
  });

  it('a lost network moves no byte and breaks no connection until it is back', async () => {
    await post('/-/network', { lost: true });
    let answered = false;
    const pending = get().finally(() => {
      answered = true;
    });
    const leave = new AbortController();
    const impatient = get(leave.signal);
    await until('both have arrived', () => server.requests.entries.length === 2);
    leave.abort();
    await assert.rejects(impatient, { name: 'AbortError' });
    assert.equal(answered, false);
    await post('/-/network', { lost: false });
    assert.equal((await pending).body.toString(), 'content');
  });

  it('a network lost in the middle of a body stops the body', async () => {
    server.store.bucket('bucket').put('o', { seed: 1, sizeBytes: 1_000_000 });
    server.settings.bytesPerSecond = 4_000_000;
    const pending = get();
    await until('it has begun', () => (server.requests.entries[0]?.bodyBytes ?? 0) > 0);
    server.network.lose();
    server.settings.bytesPerSecond = 0;
    assert.equal(server.network.isLost, true);
    assert.ok(server.requests.entries[0]!.bodyBytes < 1_000_000);
    server.network.restore();
    assert.equal((await pending).body.length, 1_000_000);
  });

  it('a restarted server keeps its port and its data', async () => {
    await post('/-/restart', { downMs: 1 });
    await until('it is back', () =>
      get().then(
        (response) => response.status === 200,
        () => false,
      ),
    );
  });

  it('an in-process server can be stopped and started, and stays down once closed', async () => {
    await server.stop();
    await assert.rejects(get(), { code: 'ECONNREFUSED' });
    await server.start();
    assert.equal((await get()).status, 200);
    server.restart(1);
    await server.close();
    await server.start();
    await assert.rejects(get(), { code: 'ECONNREFUSED' });
  });
}).timeout(10_000);

describe('the server program', () => {
  const main = fileURLToPath(new URL('../../server/main.ts', import.meta.url));

  it('the server program prints its address, serves the samples, and ends on request', async () => {
    const child = spawn(process.execPath, [main, '--sample', '--plain'], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
      const port = Number(/^OSS server listening on http:\/\/127\.0\.0\.1:(\d+)$/.exec(line)?.[1]);
      const image = await send(port, { path: '/sample-images/colours/red.png' });
      assert.equal(image.body.subarray(1, 4).toString(), 'PNG');
      assert.equal(
        (await send(port, { method: 'HEAD', path: '/sample-large/one-gibibyte.bin' })).headers['content-length'],
        String(1024 ** 3),
      );
      assert.match(
        (await send(port, { path: '/sample-folders/?list-type=2&prefix=2500-files/&max-keys=1000' })).body.toString(),
        /<KeyCount>1000</,
      );
    } finally {
      child.kill('SIGTERM');
    }
    // Windows has no signals: Node ends the process there without asking it.
    assert.deepEqual(await once(child, 'exit'), process.platform === 'win32' ? [null, 'SIGTERM'] : [0, null]);
  }).timeout(20_000);

  it('an invalid option is named', async () => {
    const child = spawn(process.execPath, [main, '--port', 'many'], { stdio: ['ignore', 'ignore', 'pipe'] });
    const [line] = (await once(createInterface({ input: child.stderr }), 'line')) as [string];
    assert.equal(line, '--port must be a whole number, not "many"');
    assert.equal((await once(child, 'exit'))[0], 1);
  }).timeout(20_000);
});
