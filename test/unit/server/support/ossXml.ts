import type { RawResponse } from './rawClient.ts';

/** Texts of all elements of that name, in order; enough for this server's own documents. */
export function texts(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map((match) => unescape(match[1]!));
}

export function text(xml: string, name: string): string | undefined {
  return texts(xml, name)[0];
}

/** The inside of all elements of that name. */
export function blocks(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, 'g'))].map((match) => match[1]!);
}

/** Status, code and EC of a failure, from the body or, for HEAD, from its headers. */
export function failure(response: RawResponse): { status: number; code: string | undefined; ec: string | undefined } {
  const header = response.headers['x-oss-err'];
  const xml =
    typeof header === 'string' ? Buffer.from(header, 'base64').toString('utf8') : response.body.toString('utf8');
  return { status: response.status, code: text(xml, 'Code'), ec: text(xml, 'EC') };
}

function unescape(value: string): string {
  return value
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replace(/&amp;/g, '&');
}
