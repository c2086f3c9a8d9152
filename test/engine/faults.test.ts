import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import type { DownloadRequest } from '../../src/download/model.ts';
import { faultCases } from './faultCases.ts';
import type { FaultCase } from './faultCases.ts';
import { differenceFrom } from './support/compareFile.ts';
import { ServerRig } from './support/serverRig.ts';

const partSize = 256 * 1024;
const sizeBytes = 9 * partSize + 4321;
const seed = 5;

/** The part whose request gets the fault; a permanent fault hits all requests from that one on. */
const moments = { 'the first part': 0, 'a middle part': 5, 'the last part': 9 } as const;

describe('faults of the network and the server', () => {
  let rig: ServerRig;
  let request: DownloadRequest;
  before(async () => {
    rig = await ServerRig.start();
  });
  after(() => rig.stop());

  let number = 0;
  beforeEach(() => {
    number += 1;
    const key = `object-${number}`;
    rig.server.store.bucket('pub').put(key, { seed, sizeBytes });
    rig.server.faults.clear();
    rig.log.length = 0;
    request = { ...rig.request(key, { known: rig.known(key) }), path: `${rig.folder.path}/out/${key}` };
  });

  function inject({ action, times = 1 }: FaultCase, part?: number): void {
    const from = part === undefined ? {} : times === Infinity ? { nth: part + 1 } : { rangeStart: part * partSize };
    rig.server.faults.add({ match: { key: `object-${number}`, times, ...from }, action });
  }

  async function completes(): Promise<void> {
    const outcome = await rig.run(`id-${number}`, request);
    assert.deepEqual(outcome, { kind: 'completed', verified: 'crc64' }, rig.log.join('\n'));
    assert.equal(await differenceFrom(request.path, seed, sizeBytes), undefined);
    assert.ok(!existsSync(`${request.path}.ossdownload`));
  }

  /** Runs with the fault, and again without it if the first run had to fail. */
  async function behaves({ expected }: FaultCase): Promise<void> {
    if (expected !== 'recovers') {
      const outcome = await rig.run(`id-${number}`, request);
      assert.ok(
        outcome.kind === 'failed' && outcome.error.code === expected.fails && outcome.canResume,
        JSON.stringify(outcome),
      );
      assert.ok(!existsSync(request.path));
      rig.server.faults.clear();
    }
    await completes();
  }

  for (const faultCase of faultCases) {
    describe(faultCase.what, () => {
      for (const [moment, part] of Object.entries(moments)) {
        const { expected } = faultCase;
        const outcome = expected === 'recovers' ? 'recovers' : `fails with ${expected.fails}, resumable`;
        it(`after ${faultCase.what} at ${moment}, the download ${outcome}`, async () => {
          inject(faultCase, part);
          await behaves(faultCase);
        });
      }

      it(`on resume, the download handles ${faultCase.what}`, async () => {
        await rig.runUntil(4 * partSize, `id-${number}`, request);
        inject(faultCase);
        await behaves(faultCase);
      });

      it(`on an unlisted object, the download handles ${faultCase.what}`, async () => {
        request = { source: request.source, path: request.path, overwrite: false };
        inject(faultCase);
        await behaves(faultCase);
      });
    });
  }
});
