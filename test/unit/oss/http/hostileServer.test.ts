import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AppError } from '../../../../src/base/errors.ts';
import type { OssAccess } from '../../../../src/oss/api/ossAccess.ts';
import { createHttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import type { HttpObjectReader } from '../../../../src/oss/http/httpObjectReader.ts';
import { objectNode } from '../../../../src/vscode/treeNodes.ts';
import { rowText, tooltipFacts } from '../../../../src/vscode/browse/bucketTexts.ts';
import { errorSentence } from '../../../../src/vscode/errors/errorTexts.ts';
import { escapeMarkdown } from '../../../../src/vscode/ui/displayText.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import { accessTo, never, oneProfile } from '../support/access.ts';
import { directNetwork, readAll, rejection, serve, serveRaw } from '../support/answers.ts';
import type { LocalServer } from '../support/answers.ts';

const bucket = { profile: 'p', bucket: 'bucket-1' };
const object = { ...bucket, key: 'k.txt' };
const mebibyte = 1024 * 1024;
const terminalCodes = '\u001b[2J\u001b]0;title\u0007\u009b31m\u202E';

describe('a hostile server', function () {
  this.timeout(30_000);
  let server: LocalServer;
  let evil: LocalServer;
  let evilRequests: IncomingMessage[];
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  let oss: OssAccess;
  let reader: HttpObjectReader;

  beforeEach(async () => {
    evilRequests = [];
    server = await serve((request, response) => answer(request, response));
    evil = await serve((request, response) => {
      evilRequests.push(request);
      response.end('evil');
    });
    oss = accessTo(oneProfile({ endpoint: server.origin, region: 'cn-hangzhou' }));
    reader = createHttpObjectReader(directNetwork);
  });
  afterEach(async () => {
    await oss.close();
    await reader.close();
    await server.close();
    await evil.close();
  });

  const calls: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['listing buckets', () => oss.listBuckets('p', undefined, never)],
    ['listing objects', () => oss.listEntries(bucket, '', undefined, never)],
    ['HEAD', () => oss.head(object, never)],
  ];
  const list = (xml: string): Promise<unknown> => {
    answer = (_request, response) => response.end(xml);
    return oss.listEntries(bucket, '', undefined, never);
  };
  const entry = (key: string): string =>
    `<Contents><Key>${key}</Key><LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"e"</ETag><Size>1</` +
    `Size></Contents>`;
  const page = (inner: string): string =>
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>${inner}</ListBucketResult>`;

  for (const [what, call] of calls) {
    it(`a redirect sends no ${what} to another host`, async () => {
      for (const status of [301, 302, 303, 307, 308]) {
        answer = (_request, response) => response.writeHead(status, { location: `${evil.origin}/` }).end();
        assert.equal((await rejection(call())).code, 'server/unexpectedAnswer', String(status));
      }
      assert.deepEqual(evilRequests, []);
    });

    it(`an error that names another host gets no ${what} sent there`, async () => {
      const host = new URL(evil.origin).host;
      answer = (_request, response) =>
        response.writeHead(403, { 'x-oss-err': Buffer.from(error(host)).toString('base64') }).end(error(host));
      await rejection(call());
      assert.deepEqual(evilRequests, []);
    });

    it(`a huge error body in response to ${what} does not fill the memory`, async () => {
      answer = (_request, response) =>
        response
          .writeHead(403)
          .end(`<Error><Code>AccessDenied</Code><Message>${'x'.repeat(10 * mebibyte)}</Message></Error>`);
      const { message } = await rejection(call());
      assert(message.length < 1000, String(message.length));
    });

    it(`headers of a megabyte in response to ${what} are refused`, async () => {
      const flood = await serveRaw((socket) =>
        socket.write(`HTTP/1.1 200 OK\r\nx-flood: ${'x'.repeat(mebibyte)}\r\n\r\n`),
      );
      const flooded = accessTo(oneProfile({ endpoint: flood.origin, region: 'cn-hangzhou' }));
      const run = [
        () => flooded.listBuckets('p', undefined, never),
        () => flooded.listEntries(bucket, '', undefined, never),
        () => flooded.head(object, never),
      ][calls.findIndex(([name]) => name === what)];
      assert.equal((await rejection(run?.() ?? Promise.resolve())).code, 'server/unexpectedAnswer');
      await flooded.close();
      await flood.close();
    });
  }

  const error = (endpoint: string): string =>
    `<Error><Code>AccessDenied</Code><Message>use ${endpoint}</Message><Endpoint>${endpoint}</Endpoint></Error>`;

  it('a redirected download sends no credential to another host', async () => {
    answer = (_request, response) => response.writeHead(302, { location: `${evil.origin}/elsewhere` }).end();
    const { url } = await oss.signGet(object, never);
    assert.match(url, /signature/i);
    await readAll(reader, { url }).catch(() => undefined);
    for (const { url: target, headers } of evilRequests) {
      assert.equal(target, '/elsewhere');
      assert.deepEqual(
        Object.keys(headers).filter((name) => /authorization|token|cookie|referer/i.test(name)),
        [],
      );
    }
  });

  it('XML entities cannot expand a document', async () => {
    const entities = Array.from({ length: 30 }, (_, i) => {
      const previous = `&a${i === 0 ? '' : i - 1};`;
      return `<!ENTITY a${i} "${previous.repeat(10)}">`;
    });
    const bomb = `<!DOCTYPE x [<!ENTITY a "ha">${entities.join('')}]>`;
    const before = process.memoryUsage().heapUsed;
    await list(
      `<?xml version="1.0"?>${bomb}<ListBucketResult><Contents><Key>&a29;</Key></Contents></ListBucketResult>`,
    ).catch((failure: unknown) => failure);
    answer = (_request, response) =>
      response.writeHead(403).end(`${bomb}<Error><Code>AccessDenied</Code><Message>&a29;</Message></Error>`);
    assert((await rejection(oss.head(object, never))).message.length < 1000);
    assert(process.memoryUsage().heapUsed - before < 64 * mebibyte);
  });

  it('an endlessly deep or long document cannot hang a listing', async () => {
    for (const xml of [
      page('<a>'.repeat(200_000)),
      page(`<a ${'b="c" '.repeat(200_000)}/>`),
      page('x'.repeat(17 * mebibyte)),
      page('<CommonPrefixes/>'.repeat(100_000)),
    ]) {
      const startMs = performance.now();
      await list(xml).catch((failure: unknown) => failure);
      assert(performance.now() - startMs < 10_000);
    }
  });

  it('listed names cannot color, hide or reorder text', async () => {
    const key = `dir/**bold** [link](command:evil) $(trash) <img src=x>`;
    const encoded = `${encodeURIComponent(key)}${encodeURIComponent(terminalCodes)}`;
    answer = (_request, response) => response.end(page(`<EncodingType>url</EncodingType>${entry(encoded)}`));
    const {
      items: [listed],
    } = await oss.listEntries(bucket, 'dir/', undefined, never);
    assert(listed?.kind === 'object');
    assert.equal(listed.object.ref.key, key + terminalCodes, 'the key itself stays what it is');
    const node = objectNode(listed.object, 'dir/');
    const context = { l10n: plainL10n, language: 'en', nowMs: Date.now() };
    const row = rowText(node, context);
    const tooltip = tooltipFacts(node, context);
    const invisible = /[\p{Cc}\u202A-\u202E]/u;
    for (const text of [row.label, row.spoken, tooltip?.title ?? '']) assert.doesNotMatch(text, invisible);
    assert.doesNotMatch(escapeMarkdown(tooltip?.title ?? ''), /(?<!\\)[*[\]<>`]|(?<!\\)\$\(/);
    answer = (_request, response) => response.writeHead(404, { 'x-oss-request-id': 'R' }).end();
    const failure = await rejection(oss.head(listed.object.ref, never));
    for (const text of [failure.message, errorSentence(failure, plainL10n)]) assert.doesNotMatch(text, invisible);
  });

  it('a server cannot write terminal codes or extra lines into the log', async () => {
    answer = (_request, response) =>
      response
        .writeHead(403)
        .end(
          `<Error><Code>Acc${terminalCodes}ess</Code><Message>first\nsecond ${terminalCodes}</` +
            `Message><EC>${terminalCodes}</EC></Error>`,
        );
    const { message }: AppError = await rejection(oss.listEntries(bucket, '', undefined, never));
    assert.doesNotMatch(message, /\p{Cc}/u);
  });

  it('a bucket name cannot send a request to another host', async () => {
    const host = new URL(evil.origin).host;
    for (const name of [
      `${host}/x`,
      `${host}#`,
      `${host}?`,
      `${host}\\`,
      `x@${host}/`,
      '../x',
      'a/b',
      '',
      `a\r\nhost: ${host}`,
    ]) {
      for (const call of [
        () => oss.listEntries({ ...bucket, bucket: name }, '', undefined, never),
        () => oss.signGet({ ...object, bucket: name }, never),
        () => oss.head({ ...object, bucket: name }, never),
      ]) {
        assert.equal((await rejection(call())).code, 'input/invalidPath', name);
      }
    }
    assert.deepEqual(evilRequests, []);
  });
});
