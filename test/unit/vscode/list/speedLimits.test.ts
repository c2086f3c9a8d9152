import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { AppError } from '../../../../src/base/errors.ts';
import { readSpeed, speedChoices, speedProblem } from '../../../../src/vscode/list/speedLimits.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';

describe('speed choices', () => {
  const shown = (current: number): readonly string[] =>
    speedChoices(current, plainL10n).map(({ label, description }) =>
      description === undefined ? label : `${label} (${description})`,
    );

  it('the choices are common speeds, no limit and a custom one, and mark the current one', () => {
    assert.deepEqual(shown(0), [
      'No limit (as it is now)',
      '1 MB/s',
      '5 MB/s',
      '10 MB/s',
      '20 MB/s',
      '50 MB/s',
      'Custom…',
    ]);
    assert.deepEqual(shown(10), [
      'No limit',
      '1 MB/s',
      '5 MB/s',
      '10 MB/s (as it is now)',
      '20 MB/s',
      '50 MB/s',
      'Custom…',
    ]);
  });

  it('an uncommon current speed is among the choices', () => {
    assert.deepEqual(shown(2.5), [
      'No limit',
      '1 MB/s',
      '2.5 MB/s (as it is now)',
      '5 MB/s',
      '10 MB/s',
      '20 MB/s',
      '50 MB/s',
      'Custom…',
    ]);
  });
});

describe('typed speed', () => {
  for (const [given, limit] of [
    [0, 0],
    [5, 5],
    ['0', 0],
    [' 2.5 ', 2.5],
    ['2,5', 2.5],
    [0.1, 0.1],
    [100_000, 100_000],
  ] as const) {
    it(`the speed ${JSON.stringify(given)} is accepted`, () => assert.equal(readSpeed(given), limit));
  }

  for (const given of ['', 'fast', -1, '-1', NaN, Infinity, 0.05, 100_001, '1e3', '1.2.3', null, {}, [5], true]) {
    it(`the speed ${inspect(given)} is refused by name`, () => {
      assert.throws(
        () => readSpeed(given),
        (error) => error instanceof AppError && error.code === 'input/invalidSpeed',
      );
    });
  }

  it('a speed is validated while it is typed', () => {
    assert.equal(speedProblem('12', plainL10n), undefined);
    assert.equal(
      speedProblem('12 MB', plainL10n),
      'Not a speed: 12 MB. It is a number of MB per second from 0.1 to 100000, or 0 for no limit.',
    );
  });
});
