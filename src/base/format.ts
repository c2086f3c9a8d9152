/**
 * Formats numbers for display. As in VS Code, units are powers of 1024 named KB, MB, GB.
 * The texts hold digits and unit symbols only, so they are the same in every language.
 */

const units = ['B', 'KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** `0 B`, `512 B`, `1.5 KB`, `12.3 MB`, `120 GB`: at most three digits and one decimal. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  // 1023.95 would be printed as "1024.0"
  while (value >= 1023.95 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits).replace(/\.0$/, '')} ${units[unit] ?? ''}`;
}

/** `12.3 MB/s` */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** `0:07`, `12:34`, `3:05:09`; `>99 h` above 99 hours, where an estimate is meaningless. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  if (hours > 99) {
    return '>99 h';
  }
  const minutes = Math.floor(seconds / 60) % 60;
  const pad = (value: number): string => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** `0%` to `100%`; 100% only when complete. */
export function formatPercent(done: number, total: number): string {
  return `${wholePercent(done, total)}%`;
}

/** 0 to 100, rounded down so that 100 means complete; 100 for an empty object. */
export function wholePercent(done: number, total: number): number {
  return total <= 0 ? 100 : Math.min(100, Math.max(0, Math.floor((done / total) * 100)));
}

/** `7`, `2,500`, `1,000,000`: grouped as in English and Chinese. */
export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}
