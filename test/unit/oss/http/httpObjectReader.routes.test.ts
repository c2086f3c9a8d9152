import assert from 'node:assert/strict';
import { createServer as createRawServer } from 'node:net';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createHttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import type { HttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import { redirectTarget, splitUrl } from '../../../../src/oss/http/httpTarget.ts';
import { assertFails, directNetwork, listen, readAll, serve } from '../support/answers.ts';
import type { LocalServer } from '../support/answers.ts';

describe('HttpObjectReader: redirects and proxies', () => {
  let reader: HttpObjectReader;
  const open: LocalServer[] = [];

  beforeEach(() => {
    reader = createHttpObjectReader(directNetwork);
  });
  afterEach(async () => {
    await reader.close();
    await Promise.all(open.splice(0).map((server) => server.close()));
  });

  const start = async (listener: RequestListener): Promise<LocalServer> => {
    const server = await serve(listener);
    open.push(server);
    return server;
  };

  it('a redirect is followed within a host and to another one, with the range and without the query', async () => {
    let last: IncomingMessage | undefined;
    const other = await start((request, response) => {
      last = request;
      response.writeHead(206, { 'content-range': 'bytes 0-3/10' }).end('0123');
    });
    const first = await start((request, response) => {
      const location = request.url === '/a?Signature=hidden' ? '/dir/../b\u00fc' : `${other.origin}/c/../d?x=1#part`;
      response.writeHead(302, { location }).end('moved');
    });
    const { bytes } = await readAll(reader, { url: `${first.origin}/a?Signature=hidden`, range: { start: 0, end: 4 } });
    assert.equal(bytes.toString(), '0123');
    assert.equal(last?.url, '/c/../d?x=1');
    assert.equal(last.headers.range, 'bytes=0-3');
    assert.equal(last.headers.authorization, undefined);
    assert.equal(last.headers.referer, undefined);
  });

  it('the sixth redirect fails the read', async () => {
    let requests = 0;
    const server = await start((_request, response) => {
      requests++;
      response.writeHead(307, { location: '/again' }).end();
    });
    await assertFails(readAll(reader, { url: `${server.origin}/a` }), 'server/unexpectedAnswer', false);
    assert.equal(requests, 6);
  });

  it('a redirect to an unusable address or away from https is not followed', async () => {
    const server = await start((_request, response) => response.writeHead(301, { location: 'ftp://elsewhere/' }).end());
    await assertFails(readAll(reader, { url: `${server.origin}/a` }), 'server/unexpectedAnswer', false);
    assert.throws(() => redirectTarget(splitUrl('https://a.example/x'), 'http://a.example/x'), {
      code: 'server/unexpectedAnswer',
    });
    assert.deepEqual(redirectTarget(splitUrl('https://a.example/x/y?q'), '//b.example/z'), {
      origin: 'https://b.example',
      path: '/z',
    });
    assert.deepEqual(redirectTarget(splitUrl('https://a.example/x/y?q'), 'z?r'), {
      origin: 'https://a.example',
      path: '/x/z?r',
    });
  });

  it('a redirect without Location is an unexpected response', async () => {
    const server = await start((_request, response) => response.writeHead(302).end());
    await assertFails(readAll(reader, { url: `${server.origin}/a` }), 'server/unexpectedAnswer', false);
  });

  it('the proxy of the settings is used, except for excluded hosts, and a change applies at once', async () => {
    const proxied: (string | undefined)[] = [];
    const proxy = await start((request, response) => {
      proxied.push(request.url, request.headers['proxy-authorization']);
      response.end('by proxy');
    });
    const server = await start((_request, response) => response.end('direct'));
    const settings = { ...directNetwork, proxyUrl: proxy.origin, proxyAuthorization: 'Basic cHJveHk=' };
    reader.setNetwork(settings);
    assert.equal((await readAll(reader, { url: 'http://bucket.example/k' })).bytes.toString(), 'by proxy');
    assert.deepEqual(proxied, ['http://bucket.example/k', 'Basic cHJveHk=']);
    assert.equal(
      (await readAll(reader, { url: `${server.origin}/k` })).bytes.toString(),
      'direct',
      'the loopback is never proxied',
    );
    reader.setNetwork({ ...settings, noProxy: ['example'] });
    await assertFails(readAll(reader, { url: 'http://bucket.example/k' }), 'network/nameNotResolved', true);
  });

  it('the proxy of the environment is used only if the settings allow it', async () => {
    const proxy = await start((_request, response) => response.end('by proxy'));
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];
    const before = names.map((name) => [name, process.env[name]] as const);
    try {
      names.forEach((name) => Reflect.deleteProperty(process.env, name));
      process.env['HTTP_PROXY'] = `127.0.0.1:${proxy.port}`;
      process.env['NO_PROXY'] = 'direct.example, other.example';
      await assertFails(readAll(reader, { url: 'http://bucket.invalid/k' }), 'network/nameNotResolved', true);
      reader.setNetwork({ ...directNetwork, useEnvironment: true });
      assert.equal((await readAll(reader, { url: 'http://bucket.invalid/k' })).bytes.toString(), 'by proxy');
      await assertFails(readAll(reader, { url: 'http://direct.example/k' }), 'network/nameNotResolved', true);
    } finally {
      before.forEach(([name, value]) =>
        value === undefined ? Reflect.deleteProperty(process.env, name) : (process.env[name] = value),
      );
    }
  });

  it('an invalid proxy URL in the settings is reported without its password', async () => {
    for (const proxyUrl of ['ftp://user:hidden@proxy.example', 'http://', 'a b c']) {
      reader.setNetwork({ ...directNetwork, proxyUrl });
      const error = await assertFails(
        readAll(reader, { url: 'http://bucket.example/k' }),
        'network/unreachable',
        false,
      );
      assert.match(error.message, /the proxy in http\.proxy is not given as http:\/\/host:port/);
      assert.doesNotMatch(error.message, /hidden/);
    }
  });

  it('active reads end on the old network settings, and then the old connections are closed', async () => {
    let finish: () => void = () => undefined;
    let onClose: (outcome: string) => void = () => undefined;
    const closed = new Promise<string>((resolve) => {
      onClose = resolve;
    });
    const server = await start((request, response) => {
      request.socket.on('close', () => onClose('closed'));
      response.write('first ');
      finish = () => response.end('second');
    });
    let started: () => void = () => undefined;
    const firstChunk = new Promise<void>((resolve) => {
      started = resolve;
    });
    const chunks: Uint8Array[] = [];
    const sink = {
      onResponse: () => undefined,
      onChunk: (chunk: Uint8Array): void => {
        chunks.push(Uint8Array.from(chunk));
        started();
      },
    };
    const reading = reader.read(
      { url: `${server.origin}/k`, stallTimeoutMs: 5000 },
      sink,
      new AbortController().signal,
    );
    await firstChunk;
    reader.setNetwork({ ...directNetwork, strictTls: false });
    finish();
    await reading;
    assert.equal(Buffer.concat(chunks).toString(), 'first second');
    const limit = setTimeout(() => onClose('still open after 2 s'), 2000);
    assert.equal(await closed, 'closed');
    clearTimeout(limit);
  });

  it('a refusal by the proxy is reported, both for forwarding and for a tunnel', async () => {
    const proxy = createRawServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n'));
    });
    const server = await listen(proxy, 'http');
    open.push(server);
    reader.setNetwork({ ...directNetwork, proxyUrl: server.origin });
    for (const scheme of ['http', 'https']) {
      await assertFails(readAll(reader, { url: `${scheme}://bucket.example/k` }), 'network/unreachable', false);
    }
  });

  it('a proxy that hangs up is reported instead of retried forever', async () => {
    let connections = 0;
    const proxy = createRawServer((socket) => {
      connections++;
      socket.on('error', () => undefined);
      socket.once('data', () => socket.destroy());
    });
    const server = await listen(proxy, 'http');
    open.push(server);
    reader.setNetwork({ ...directNetwork, proxyUrl: server.origin });
    await assertFails(
      readAll(reader, { url: 'https://bucket.example/k', stallTimeoutMs: 2000 }),
      'network/unreachable',
      true,
    );
    assert(connections < 5, `${connections} connections`);
  });
});
