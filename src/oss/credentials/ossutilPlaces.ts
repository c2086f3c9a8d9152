import { defined } from '../../base/defined.ts';
import type { Addressing } from '../profile.ts';
import { iniKey } from './readIni.ts';
import type { IniSection } from './readIni.ts';
import { present } from './credentialSpec.ts';
import type { SourcePlace } from './credentialSpec.ts';

/** Fields that determine the endpoint, in all spellings of ossutil 1 and 2, as normalized by `iniKey`. */
export const placeSpellings = {
  endpoint: ['endpoint', 'host'],
  region: ['region', 'regionid'],
  addressing: ['addressingstyle'],
  signature: ['signversion', 'signatureversion'],
  pathSuffixes: ['endpointsuffixlistpathstyle'],
} as const;

export type PlaceField = keyof typeof placeSpellings;

/** Meaning of `DEFAULT` in ossutil 2.2's list of endpoints with path-style addressing. */
const defaultPathSuffix = '.privatelink.aliyuncs.com';

/** Reads the endpoint settings of a section. @param get returns a field, empty if absent */
export function placeOf(get: (field: PlaceField) => string): SourcePlace {
  const addressing = addressingOf(get);
  const signature = get('signature').toLowerCase();
  return {
    ...present({ region: get('region'), endpoint: get('endpoint') }),
    ...defined({ addressing }),
    ...(signature === 'v1' || signature === 'v4' ? { signature } : {}),
  };
}

/** Maps ossutil's addressing style; `virtual` is the default of host names here, so it maps to undefined. */
function addressingOf(get: (field: PlaceField) => string): Addressing | undefined {
  const style = get('addressing').toLowerCase();
  if (style === 'path' || style === 'cname') {
    return style;
  }
  const host = get('endpoint')
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[:/].*$/s, '')
    .toLowerCase();
  const suffixes = get('pathSuffixes')
    .split(',')
    .map((suffix) => suffix.trim().toLowerCase())
    .filter((suffix) => suffix !== '');
  return style === '' && suffixes.some((suffix) => host.endsWith(suffix === 'default' ? defaultPathSuffix : suffix))
    ? 'path'
    : undefined;
}

/**
 * Reads the endpoints of single buckets, with increasing priority: `[Bucket-Endpoint]` and `[Bucket-Cname]` of ossutil
 * 1, and the section `[buckets name]` of ossutil 2 that a profile refers to.
 *
 * @param referred name of that section; empty: none
 * @returns endpoint settings by bucket
 */
export function bucketPlaces(sections: readonly IniSection[], referred: string): ReadonlyMap<string, SourcePlace> {
  const places = new Map<string, SourcePlace>();
  for (const [wanted, addressing] of [
    ['bucket-endpoint', undefined],
    ['bucket-cname', 'cname'],
  ] as const) {
    for (const { lines } of sections.filter(({ name }) => name.toLowerCase() === wanted)) {
      for (const { key: bucket, value: endpoint } of lines) {
        if (endpoint !== '') {
          places.set(bucket, { endpoint, ...defined({ addressing }) });
        }
      }
    }
  }
  for (const section of referred === ''
    ? []
    : sections.filter(({ name }) => /^buckets\s+(.+)$/i.exec(name)?.[1]?.trim() === referred)) {
    for (const [bucket, place] of nestedPlaces(section)) {
      places.set(bucket, place);
    }
  }
  return places;
}

/** Reads `bucket =` lines, each followed by the bucket's settings with a deeper indent. */
function nestedPlaces({ lines }: IniSection): ReadonlyMap<string, SourcePlace> {
  const places = new Map<string, SourcePlace>();
  let bucket: { readonly name: string; readonly indent: number; readonly values: Map<string, string> } | undefined;
  for (const { key, value, indent } of lines) {
    if (value === '' && (bucket === undefined || indent <= bucket.indent)) {
      bucket = { name: key, indent, values: new Map() };
    } else if (bucket !== undefined) {
      bucket.values.set(iniKey(key), value);
      const { values } = bucket;
      places.set(
        bucket.name,
        placeOf(
          (field) =>
            placeSpellings[field].map((spelling) => values.get(spelling) ?? '').find((text) => text !== '') ?? '',
        ),
      );
    }
  }
  return places;
}
