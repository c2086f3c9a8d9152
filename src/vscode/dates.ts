const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** `3 days ago`, in the language given; `now` for less than a minute. Both times in milliseconds since the epoch. */
export function relativeDate(timeMs: number, nowMs: number, language: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  const agoMs = nowMs - timeMs;
  const [unit, lengthMs] = steps.find(([, length]) => Math.abs(agoMs) >= length) ?? [
    'second',
    Number.POSITIVE_INFINITY,
  ];
  return format.format(-Math.trunc(agoMs / lengthMs), unit);
}

/** Date and time in full, in the language given. */
export function fullDate(timeMs: number, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'medium' }).format(timeMs);
}
