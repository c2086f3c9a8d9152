import assert from 'node:assert/strict';
import { soakMinutes } from '../../../scripts/support/soakMinutes.ts';

describe('minutes of soak in npm test', () => {
  const now = 1_800_000_000;
  for (const [env, minutes] of [
    [{}, 1],
    [{ OSS_LONG_TESTS: 'true' }, 10],
    [{ OSS_SOAK_UNTIL: String(now + 20 * 60) }, 10],
    [{ OSS_SOAK_UNTIL: String(now + 8 * 60 + 59) }, 8],
    [{ OSS_SOAK_UNTIL: String(now - 60) }, 1],
  ] as const) {
    it(`the soak takes ${minutes} minutes with ${JSON.stringify(env)}`, () =>
      assert.equal(soakMinutes(env, now * 1000), minutes));
  }
});
