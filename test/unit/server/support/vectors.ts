import { readFileSync } from 'node:fs';

/** One published signature: what was signed, and what came out. */
export interface SignatureVector {
  readonly id: string;
  readonly presign?: boolean;
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly rawQuery: string;
  readonly region: string;
  readonly product: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly additionalHeaders?: readonly string[];
  /** Seconds since the epoch. */
  readonly signTime: number;
  readonly expiresAt: number;
  readonly expires: number;
  readonly date: string;
  readonly derived: { readonly canonicalRequest: string; readonly stringToSign: string; readonly signature: string };
}

export interface Vectors {
  readonly signatureV4: readonly SignatureVector[];
  readonly signatureV1: readonly SignatureVector[];
  readonly crc64: readonly { readonly utf8: string; readonly crc64: string }[];
  readonly crc64Combine: readonly {
    readonly crc1?: string;
    readonly crc2?: string;
    readonly len2?: number;
    readonly text1?: string;
    readonly text2?: string;
    readonly expect: string;
  }[];
  readonly errorXml: readonly {
    readonly code: string;
    readonly status: number;
    readonly ec: string | null;
    readonly xml: string;
  }[];
  readonly errorXmlDocs: readonly { readonly name: string; readonly xml: string }[];
  readonly xOssErrHeader: { readonly base64: string };
}

/** Vectors published with OSS's SDKs and documentation; each entry of the file names its source. */
export const vectors = JSON.parse(
  readFileSync(new URL('../../../data/oss-vectors.json', import.meta.url), 'utf8'),
) as Vectors;
