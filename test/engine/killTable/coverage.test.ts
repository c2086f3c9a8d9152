import assert from 'node:assert/strict';
import { costOfSessions } from './coverage.ts';

describe('the cost of sessions', () => {
  it('is nothing where every byte was sent once', () => {
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

  it('is put down to the session that lost the bytes, however many sessions later they are sent again', () => {
    assert.deepEqual(
      costOfSessions([[[0, 10]], [[20, 30]], [[5, 22]]]).map((cost) => cost.sentAgainBytes),
      [5, 2, 0],
    );
  });

  it('counts bytes that are lost again for every session but the last', () => {
    assert.deepEqual(
      costOfSessions([[[0, 10]], [[0, 10]], [[0, 10]]]).map((cost) => cost.sentAgainBytes),
      [10, 10, 0],
    );
  });

  it('counts what one session was sent twice', () => {
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
