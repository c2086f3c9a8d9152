import assert from 'node:assert/strict';
import { costOfSessions } from './coverage.ts';

describe('repeated bytes per session', () => {
  it('bytes that were sent once cost nothing', () => {
    assert.deepEqual(
      costOfSessions([
        [
          [0, 10],
          [20, 30],
        ],
        [[10, 20]],
      ]).map((cost) => cost.sentAgainBytes),
      [0, 0],
    );
  });

  it('repeated bytes count for the session that lost them, however many sessions later they are sent', () => {
    assert.deepEqual(
      costOfSessions([[[0, 10]], [[20, 30]], [[5, 22]]]).map((cost) => cost.sentAgainBytes),
      [5, 2, 0],
    );
  });

  it('bytes that are lost repeatedly count for every session but the last', () => {
    assert.deepEqual(
      costOfSessions([[[0, 10]], [[0, 10]], [[0, 10]]]).map((cost) => cost.sentAgainBytes),
      [10, 10, 0],
    );
  });

  it('bytes that one session received twice are counted', () => {
    assert.deepEqual(
      costOfSessions([
        [
          [0, 10],
          [5, 12],
        ],
      ]),
      [{ sentBytes: 17, sentAgainBytes: 5 }],
    );
  });
});
