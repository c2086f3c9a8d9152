/**
 * How long `npm test` soaks: one minute, or ten where OSS_LONG_TESTS is `true`.
 * @param env OSS_SOAK_UNTIL, in seconds since the epoch: ten minutes, or the whole minutes that are left until then
 * where   those are fewer, but at least one
 * @param nowMs milliseconds since the epoch
 */
export function soakMinutes(env: Readonly<Record<string, string | undefined>>, nowMs: number): number {
  const until = Number(env['OSS_SOAK_UNTIL'] ?? NaN);
  if (Number.isNaN(until)) {
    return env['OSS_LONG_TESTS'] === 'true' ? 10 : 1;
  }
  return Math.max(1, Math.min(10, Math.floor((until * 1000 - nowMs) / 60_000)));
}
