/** Percent-encodes all but RFC 3986's unreserved characters, as OSS's signatures and `encoding-type=url` do. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
