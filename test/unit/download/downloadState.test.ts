import assert from 'node:assert/strict';
import fc from 'fast-check';
import { canResume, isActive, isFinal, reduce } from '../../../src/download/downloadState.ts';
import type { DownloadEvent, DownloadState } from '../../../src/download/downloadState.ts';

const error = { code: 'network/interrupted', message: 'cut', retryable: true, details: {} } as const;
const events: DownloadEvent[] = [
  { type: 'start' },
  { type: 'phase', phase: 'checking' },
  { type: 'wait', reason: 'url' },
  { type: 'ready' },
  { type: 'pause' },
  { type: 'interrupt' },
  { type: 'fail', error, canResume: true },
  { type: 'fail', error, canResume: false },
  { type: 'finish', verified: 'crc64' },
  { type: 'resume' },
  { type: 'cancel' },
  { type: 'restart' },
];
const kinds = new Set<DownloadState['kind']>([
  'queued',
  'running',
  'waiting',
  'paused',
  'interrupted',
  'failed',
  'completed',
  'cancelled',
]);

describe('download state machine', () => {
  it('every event leads to a known state, and no event leaves a final state', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40 }), (sequence) => {
        let state: DownloadState = { kind: 'queued' };
        for (const event of sequence) {
          const next = reduce(state, event);
          assert.ok(kinds.has(next.kind));
          assert.ok(!isFinal(state) || next === state);
          assert.equal(
            [isActive(next), canResume(next), isFinal(next)].filter(Boolean).length,
            next.kind === 'failed' && !next.canResume ? 0 : 1,
          );
          state = next;
        }
      }),
    );
  });

  it('only a running download can complete', () => {
    for (const kind of ['queued', 'paused', 'interrupted', 'cancelled'] as const) {
      const state: DownloadState = { kind };
      assert.equal(reduce(state, { type: 'finish', verified: 'crc64' }), state);
    }
    assert.deepEqual(reduce({ kind: 'running', phase: 'verifying' }, { type: 'finish', verified: 'crc64' }), {
      kind: 'completed',
      verified: 'crc64',
    });
  });

  it('only paused, interrupted and resumably failed downloads can be resumed', () => {
    assert.deepEqual(reduce({ kind: 'failed', error, canResume: true }, { type: 'resume' }), { kind: 'queued' });
    const hopeless: DownloadState = { kind: 'failed', error, canResume: false };
    assert.equal(reduce(hopeless, { type: 'resume' }), hopeless);
  });
});
