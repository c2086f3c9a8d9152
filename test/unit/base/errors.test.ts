import assert from 'node:assert/strict';
import { AppError, fromErrorRecord, toAppError, toErrorRecord } from '../../../src/base/errors.ts';

describe('AppError', () => {
  it('an AppError is recognized across bundles with separate copies of the class', () => {
    class OtherCopy extends Error {
      override readonly name = 'AppError';
      readonly code = 'bucket/notFound';
      readonly retryable = false;
      readonly details = { status: 404 };
    }
    const foreign = new OtherCopy('the bucket does not exist');
    assert(foreign instanceof AppError);
    assert.equal(toAppError(foreign), foreign);
    assert.deepEqual(toErrorRecord(foreign), {
      code: 'bucket/notFound',
      message: 'the bucket does not exist',
      retryable: false,
      details: { status: 404 },
    });
  });

  it('an object that only resembles an AppError is not one', () => {
    const named = Object.assign(new Error('x'), { name: 'AppError', code: 'ENOENT' });
    for (const value of [named, new Error('x'), { name: 'AppError', code: 'internal' }, null, 'internal']) {
      assert(!(value instanceof AppError));
      assert.equal(toAppError(value).code, 'internal');
    }
  });

  it('an AppError survives being stored in a record', () => {
    const error = new AppError('server/throttled', 'slow down', { retryable: true, details: { retryAfterMs: 5 } });
    const copy = fromErrorRecord(structuredClone(toErrorRecord(error)));
    assert.deepEqual(
      [copy.code, copy.message, copy.retryable, copy.details],
      [error.code, error.message, true, { retryAfterMs: 5 }],
    );
  });
});
