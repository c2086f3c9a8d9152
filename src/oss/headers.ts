/** Response headers with lower-case names, as Node and undici give them. */
export type ResponseHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** One header's value; of a repeated one the first. */
export function headerValue(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

/** A header that holds a count of bytes or milliseconds; undefined when it is absent or anything else. */
export function headerNumber(headers: ResponseHeaders, name: string): number | undefined {
  const text = headerValue(headers, name)?.trim() ?? '';
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}
