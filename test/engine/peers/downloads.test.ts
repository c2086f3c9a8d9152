import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededBytes } from '../../support/random.ts';
import { peerPrograms } from './support/peerPrograms.ts';
import { connections, UrlDownload } from './support/urlDownload.ts';
import { usePeer } from './support/usePeer.ts';

const mebibyte = 1024 * 1024;
const first = seededBytes(12 * mebibyte + 5, 3);
const second = seededBytes(first.length, 4);
const day = 86_400;
/** Allowance for bytes that are sent in addition to bodies. */
const headBytes = 32 * 1024;

for (const program of peerPrograms) {
  const { traits } = program;
  /** Whether two versions can be told apart: only then may bytes of two requests be combined. */
  const resumable = traits.ranges && (traits.etag || traits.lastModified);

  describe(`downloads of URLs from ${program.name}`, function () {
    this.timeout(60_000);
    const peer = usePeer(program);
    let download: UrlDownload;

    beforeEach(() => {
      peer().relay.mode = { kind: 'pass' };
      peer().put('a.bin', first, day);
      download = new UrlDownload(peer().url('a.bin'));
    });
    afterEach(() => download.end());

    /**
     * Begins, and holds the wire when some of each connection's bytes have come. @returns how many have arrived at
     * least
     */
    async function beginAndHold(): Promise<number> {
      peer().relay.mode = { kind: 'stall', afterBytes: 4 * mebibyte };
      await download.begin();
      // a server without validators gets a single request
      const bytes = (resumable ? connections : 1) * (4 * mebibyte - headBytes);
      await download.arrived(bytes);
      return bytes;
    }

    /** Lets the relay forward again. @returns the bytes that the server has sent since then */
    function letPass(): () => number {
      peer().relay.cutAll();
      peer().relay.mode = { kind: 'pass' };
      const before = peer().relay.passedBytes;
      return () => peer().relay.passedBytes - before;
    }

    it('a downloaded URL gives the same bytes', async () => {
      await download.begin();
      assert.equal(await download.outcome(), 'completed');
      assert.ok(download.file().equals(first));
    });

    it('a download continues by itself after broken connections', async () => {
      peer().relay.mode = { kind: 'cut', afterBytes: 700 * 1024 };
      await download.begin();
      await download.arrived(1);
      peer().relay.mode = { kind: 'pass' };
      assert.equal(await download.outcome(), 'completed');
      assert.ok(download.file().equals(first));
    });

    it('a download continues by itself after the server was away', async () => {
      await beginAndHold();
      await peer().goAway();
      letPass();
      await peer().comeBack();
      assert.equal(await download.outcome(), 'completed');
      assert.ok(download.file().equals(first));
    });

    it(resumable ? 'a pause keeps the bytes of a download' : 'a download starts over after a pause', async () => {
      await beginAndHold();
      await download.pause();
      const sent = letPass();
      await download.resume();
      assert.equal(await download.outcome(), 'completed');
      assert.ok(download.file().equals(first));
      assert.equal(sent() < first.length, resumable, `${sent()} bytes sent for ${first.length}`);
    });

    it(
      resumable ? 'a kill -9 keeps the bytes of a download' : 'a download starts over after kill -9, with a log line',
      async () => {
        const arrived = await beginAndHold();
        // bytes of the last second may be lost, so this waits for a second
        await sleep(1000);
        await download.kill();
        download.log.length = 0;
        const sent = letPass();
        await download.reopen();
        assert.equal(await download.outcome(), 'completed');
        assert.ok(download.file().equals(first));
        if (resumable) {
          const bound = first.length - arrived + connections * mebibyte + headBytes;
          assert.ok(sent() <= bound, `${sent()} bytes sent, ${bound} allowed`);
        } else {
          assert.ok(sent() >= first.length);
          assert.match(download.log.join('\n'), /starting from scratch/);
        }
      },
    );

    for (const [what, bytes] of [
      ['one of the same size', second],
      ['a larger one', Buffer.concat([second, second])],
      ['a smaller one', second.subarray(0, 5 * mebibyte)],
    ] as const) {
      it(`a download ends in the new file if it was replaced by ${what} before the resume`, async () => {
        await beginAndHold();
        await download.kill();
        peer().put('a.bin', bytes, day / 2);
        letPass();
        await download.reopen();
        assert.equal(await download.outcome(), 'completed');
        assert.ok(download.file().equals(bytes));
      });
    }

    it('a file that is replaced between two requests never ends in a mix', async () => {
      await beginAndHold();
      peer().put('a.bin', second, day / 2);
      letPass();
      if ((await download.outcome()) === 'completed') {
        assert.ok(download.file().equals(second));
      } else {
        assert.equal(await download.outcome(), 'object/changed');
        assert.ok(!existsSync(download.target));
      }
    });

    it('a missing file fails the download, and a resume completes when it is back', async () => {
      await beginAndHold();
      await download.kill();
      peer().remove('a.bin');
      letPass();
      await download.reopen();
      assert.equal(await download.outcome(), 'object/notFound');
      assert.ok(!existsSync(download.target));
      peer().put('a.bin', first, day);
      await download.resume();
      assert.equal(await download.outcome(), 'completed');
      assert.ok(download.file().equals(first));
    });

    if (traits.weakWhenFresh) {
      it('a file that has just changed never ends in a mix', async () => {
        peer().put('a.bin', first, -2);
        await beginAndHold();
        await download.kill();
        peer().put('a.bin', second, -2);
        letPass();
        await download.reopen();
        assert.equal(await download.outcome(), 'completed');
        assert.ok(download.file().equals(second));
      });
    }
  });
}
