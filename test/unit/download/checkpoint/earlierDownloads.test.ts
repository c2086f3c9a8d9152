import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLogger } from '../../../support/silentLogger.ts';
import { CheckpointStore } from '../../../../src/download/checkpoint/checkpointStore.ts';
import { newHeader } from '../../../../src/download/checkpoint/checkpointHeader.ts';
import { hasEarlierDownloads } from '../../../../src/download/checkpoint/earlierDownloads.ts';

describe('hasEarlierDownloads', () => {
  let storagePath = '';
  beforeEach(() => {
    storagePath = mkdtempSync(path.join(tmpdir(), 'earlier-'));
  });
  afterEach(() => rmSync(storagePath, { recursive: true, force: true }));

  it('reports no earlier downloads before the first one, or without a usable folder', async () => {
    assert.equal(await hasEarlierDownloads(path.join(storagePath, 'missing')), false);
    assert.equal(await hasEarlierDownloads(storagePath), false);
    writeFileSync(path.join(storagePath, 'checkpoints'), '');
    assert.equal(await hasEarlierDownloads(storagePath), false);
  });

  it('reports earlier downloads while a checkpoint exists', async () => {
    const folder = path.join(storagePath, 'checkpoints');
    const store = new CheckpointStore(folder, silentLogger);
    await store.loadAll();
    assert.equal(await hasEarlierDownloads(storagePath), false);
    const request = {
      source: { kind: 'oss', object: { profile: 'p', bucket: 'b-1', key: 'k' } },
      path: path.join(storagePath, 'k'),
      overwrite: false,
    } as const;
    await store.save(newHeader('0d8f7ae2-5d3c-4b57-9f0e-3d1c6a2b1c00', 0, request), []);
    assert.equal(await hasEarlierDownloads(storagePath), true);
    await store.remove('0d8f7ae2-5d3c-4b57-9f0e-3d1c6a2b1c00');
    assert.equal(await hasEarlierDownloads(storagePath), false);
  });
});
