/** Response headers with lower-case names, as Node and undici give them. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Value of a header; the first one of a repeated header. */
export function headerValue(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** Parses a header that holds a count of bytes or milliseconds; undefined if absent or malformed. */
export function headerNumber(headers: ResponseHeaders, name: string): number | undefined {
  const text = headerValue(headers, name)?.trim() ?? '';
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}
