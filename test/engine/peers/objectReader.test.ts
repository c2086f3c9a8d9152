import assert from 'node:assert/strict';
import { createHttpObjectReader } from '../../../src/oss/http/httpObjectReader.ts';
import type { HttpObjectReader } from '../../../src/oss/http/httpObjectReader.ts';
import type { ReadRequest } from '../../../src/oss/objectReader.ts';
import { seededBytes } from '../../support/random.ts';
import { assertFails, directNetwork, readAll, rejection } from '../../unit/oss/support/answers.ts';
import type { Received } from '../../unit/oss/support/answers.ts';
import { peerPrograms } from './support/peerPrograms.ts';
import { usePeer } from './support/usePeer.ts';

const first = seededBytes(300_000, 1);
const second = seededBytes(300_000, 2);
const range = { start: 100_000, end: 100_010 };
const day = 86_400;

for (const program of peerPrograms) {
  const { traits } = program;

  describe(`ObjectReader against ${program.name}`, () => {
    const peer = usePeer(program);
    let reader: HttpObjectReader;

    beforeEach(() => {
      reader = createHttpObjectReader(directNetwork);
      peer().relay.mode = { kind: 'pass' };
    });
    afterEach(() => reader.close());

    const read = (request: Partial<ReadRequest> = {}): Promise<Received> =>
      readAll(reader, { url: peer().url('a.bin'), ...request });

    it('a whole file is read with its size and Last-Modified', async () => {
      const lastModified = peer().put('a.bin', first, day);
      const { response, bytes } = await read();
      assert.ok(bytes.equals(first));
      assert.deepEqual(
        [response?.kind, response?.object.sizeBytes, response?.object.lastModified],
        ['whole', first.length, traits.lastModified ? lastModified : undefined],
      );
      assert.equal(response?.object.etag !== undefined, traits.etag);
    });

    it(traits.ranges ? 'exactly a range is read' : 'a 200 shows that the server does not support ranges', async () => {
      peer().put('a.bin', first, day);
      const { response, bytes } = await read({ range });
      if (traits.ranges) {
        assert.equal(response?.kind, 'range');
        assert.ok(bytes.equals(first.subarray(range.start, range.end)));
      } else {
        assert.equal(response?.kind, 'whole');
        assert.ok(bytes.equals(first));
      }
      assert.equal(response.object.sizeBytes, first.length);
    });

    it('a range that reaches past the end gives the part that exists', async () => {
      peer().put('a.bin', first, day);
      const { bytes } = await read({ range: { start: traits.ranges ? first.length - 5 : 0, end: first.length + 5 } });
      assert.ok(bytes.equals(traits.ranges ? first.subarray(-5) : first));
    });

    if (traits.ranges) {
      it(`a 416 gives ${traits.sizeIn416 ? 'the size' : 'no size'}`, async () => {
        peer().put('a.bin', first, day);
        const error = await rejection(read({ range: { start: first.length, end: first.length + 1 } }));
        assert.deepEqual(
          [error.details.status, error.details.sizeBytes, error.retryable],
          [416, traits.sizeIn416 ? first.length : undefined, false],
        );
      });
    }

    it('an empty file is read', async () => {
      peer().put('a.bin', new Uint8Array(), day);
      const { response, bytes } = await read();
      assert.deepEqual([bytes.length, response?.object.sizeBytes], [0, 0]);
    });

    it('a missing file fails', async () => {
      await assertFails(readAll(reader, { url: peer().url('none.bin') }), 'object/notFound', false);
    });

    it('If-Match reads the same version and refuses another one, whatever the server does about it', async () => {
      peer().put('a.bin', first, day);
      const etag = (await read()).response?.object.etag ?? '"none"';
      const validator = { kind: 'ifMatch', etag } as const;
      if (!traits.etag) {
        await assertFails(read({ validator }), 'server/unexpectedAnswer', true);
        return;
      }
      assert.ok((await read({ range, validator })).bytes.equals(first.subarray(range.start, range.end)));
      peer().put('a.bin', second, day / 2);
      const error = await assertFails(read({ range, validator }), 'object/changed', false);
      assert.equal(error.details.status, traits.preconditions ? 412 : undefined);
    });

    const ifRangeKinds = [...(traits.etag ? ['a strong ETag'] : []), ...(traits.lastModified ? ['Last-Modified'] : [])];
    for (const kind of traits.ranges ? ifRangeKinds : []) {
      it(`If-Range with ${kind} reads the range of the same version, and all of a new one`, async () => {
        const lastModified = peer().put('a.bin', first, day);
        const value = kind === 'Last-Modified' ? lastModified : ((await read()).response?.object.etag ?? '');
        const validator = { kind: 'ifRange', value } as const;
        const same = await read({ range, validator });
        assert.deepEqual(
          [same.response?.kind, same.bytes.equals(first.subarray(range.start, range.end))],
          ['range', true],
        );
        peer().put('a.bin', second, day / 2);
        const changed = await read({ range, validator });
        assert.deepEqual([changed.response?.kind, changed.bytes.equals(second)], ['whole', true]);
      });
    }

    if (traits.lastModified) {
      it('If-Unmodified-Since refuses a file that changed later', async () => {
        const date = peer().put('a.bin', first, day);
        const validator = { kind: 'ifUnmodifiedSince', date } as const;
        assert.ok((await read({ validator })).bytes.equals(first));
        peer().put('a.bin', second, day / 2);
        await assertFails(read({ validator }), 'object/changed', false);
      });
    }

    if (traits.weakWhenFresh) {
      it('a weak ETag marks a file that is too fresh to be told from its next version', async () => {
        // one second ahead: fresh for as long as the test needs
        peer().put('a.bin', first, -1);
        assert.match((await read()).response?.object.etag ?? '', /^W\//);
        peer().put('a.bin', first, day);
        assert.match((await read()).response?.object.etag ?? '', /^"/);
      });
    }

    it('a broken connection delivers only the bytes before it', async () => {
      peer().put('a.bin', first, day);
      peer().relay.mode = { kind: 'cut', afterBytes: 50_000 };
      const { error, bytes } = await readUntilFailure(peer().url('a.bin'));
      assert.equal(error.code, 'network/interrupted');
      assert.ok(bytes.length < 50_000);
      assert.ok(bytes.equals(first.subarray(0, bytes.length)));
    });

    it('a silent server fails after the stall limit', async () => {
      peer().put('a.bin', first, day);
      peer().relay.mode = { kind: 'stall', afterBytes: 50_000 };
      await assertFails(read({ stallTimeoutMs: 200 }), 'network/stalled', true);
    });

    it('a read fails while the server is away, and works again when it is back', async () => {
      peer().put('a.bin', first, day);
      await read();
      await peer().goAway();
      const error = await rejection(read());
      assert.deepEqual([error.code.startsWith('network/'), error.retryable], [true, true]);
      await peer().comeBack();
      assert.ok((await read()).bytes.equals(first));
    });

    async function readUntilFailure(
      url: string,
    ): Promise<{ error: Awaited<ReturnType<typeof rejection>>; bytes: Buffer }> {
      const chunks: Uint8Array[] = [];
      const sink = {
        onResponse: () => undefined,
        onChunk: (chunk: Uint8Array): void => {
          chunks.push(Uint8Array.from(chunk));
        },
      };
      const error = await rejection(reader.read({ url, stallTimeoutMs: 5000 }, sink, new AbortController().signal));
      return { error, bytes: Buffer.concat(chunks) };
    }
  });
}
