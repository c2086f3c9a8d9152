import assert from 'node:assert/strict';
import { RateMeter, remainingMs } from '../../../../src/download/queue/rateMeter.ts';

describe('RateMeter', () => {
  it('the rate is unknown before the second sample', () => {
    const meter = new RateMeter();
    assert.equal(meter.bytesPerSecond, 0);
    meter.sample(1000, 500);
    assert.equal(meter.bytesPerSecond, 0);
  });

  it('the rate covers the last five seconds only', () => {
    const meter = new RateMeter();
    for (let second = 0; second <= 60; second += 1) {
      meter.sample(second * 1000, second < 50 ? second * 1_000_000 : 50_000_000 + (second - 50) * 100);
    }
    assert.equal(Math.round(meter.bytesPerSecond), 100);
  });

  it('the rate falls to zero when no bytes arrive', () => {
    const meter = new RateMeter();
    meter.sample(0, 0);
    meter.sample(1000, 5000);
    for (let second = 2; second <= 7; second += 1) {
      meter.sample(second * 1000, 5000);
    }
    assert.equal(meter.bytesPerSecond, 0);
  });

  it('the rate is never negative, even if bytes are lost', () => {
    const meter = new RateMeter();
    meter.sample(0, 1_000_000);
    meter.sample(1000, 0);
    assert.equal(meter.bytesPerSecond, 0);
  });
});

describe('remainingMs', () => {
  it('the remaining time is the rest divided by the rate, and unknown without a rate', () => {
    assert.equal(remainingMs(5000, 1000), 5000);
    assert.equal(remainingMs(5000, 0), undefined);
  });
});
