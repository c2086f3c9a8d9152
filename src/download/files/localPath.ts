import { createHash } from 'node:crypto';
import { AppError } from '../../base/errors.ts';
import { join, parse } from 'node:path';
import type { InvalidNames } from '../model.ts';

/**
 * Mapping from object keys to local paths that are safe on Windows, macOS and Linux, and reversible.
 *
 * Characters that a file system cannot hold or would interpret are written as `%XX` per UTF-8 byte, upper case.
 * A `%` of the key stays unless two hex digits follow it, so `100%.txt` keeps its name and decoding is unambiguous.
 * An empty segment (`a//b`, a trailing `/`) becomes `%2F`, which no other segment can become.
 * Only a segment too long for a file system is not reversible: it is cut and marked by `%7E` and a hash of the whole
 * segment (`~` is never escaped, so the mark is unique).
 */

/** Longest segment in UTF-8 bytes; longer ones are cut. 255 on ext4 and APFS, minus `.ossdownload` and ` (99)`. */
const maxSegmentBytes = 235;
const hashDigits = 32;

/** Control characters, those forbidden on Windows, and invisible or bidirectional ones that disguise a name. */
const unsafeCharacters = /[\u0000-\u001f\u007f-\u009f<>:"|?*\\\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu;
const literalEscape = /%(?=[0-9a-f]{2})/gi;
const dotsOnly = /^\.{1,2}$/;
const trailingDotOrSpace = /[. ]$/;
/**
 * Device names of Windows, with or without an extension. @see
 * https://learn.microsoft.com/windows/win32/fileio/naming-a-file
 */
const deviceName = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³]) *(?:\.|$)/i;
/** Names of part files. */
const partFileName = /\.ossdownload$/i;
/** Names whose content some tools execute, and the Windows short name of `.git`. */
const protectedName = /^(?:\.git|\.hg|\.svn|\.vscode|\.devcontainer|\.idea|\.husky|git~\d+)$/i;

/** Maps a key to the segments of its local path below the destination folder, outermost first. */
export function localSegments(key: string, rule: InvalidNames = 'encode'): readonly string[] {
  return key.split('/').map((segment) => localName(segment, rule));
}

/**
 * Maps a segment of a key to its local name.
 * @throws AppError `input/invalidName` if the rule is `fail` and the name is not valid on every system
 */
export function localName(segment: string, rule: InvalidNames = 'encode'): string {
  if (rule === 'encode') {
    return localSegment(segment);
  }
  const replaced = replaceInvalid(segment);
  if (rule === 'fail' && replaced !== segment) {
    throw new AppError('input/invalidName', `a name that not every system can hold: ${JSON.stringify(segment)}`, {
      details: { subject: segment.slice(0, 100) },
    });
  }
  return replaced;
}

/**
 * Replaces invalid characters by `_`. Not reversible, and two segments may get the same name: `LocalTree` resolves such
 * collisions, as it does for names that differ in case.
 */
function replaceInvalid(segment: string): string {
  const harmless = segment
    .replace(unsafeCharacters, '_')
    .replace(/^\.{1,2}$|[. ]$/, (ends) => '_'.repeat(ends.length))
    .replace(partFileName, '_ossdownload');
  const name = harmless === '' || deviceName.test(harmless) || protectedName.test(harmless) ? `_${harmless}` : harmless;
  return Buffer.byteLength(name) <= maxSegmentBytes ? name : shorten(name, segment);
}

/**
 * Alternative local names of a segment, for a name that is taken by a key that differs only in case or Unicode form, or
 * by an object with the name of a folder. The first has every letter escaped, so that case folding does not affect it,
 * and is reversible; the second has a hash, for names without letters.
 */
export function twinNames(segment: string): readonly string[] {
  const escaped = escapeEnds(segment.replace(/[^0-9 _.-]/gu, percentEncode));
  const whole = segment === '' ? '%2F' : escaped;
  return [
    Buffer.byteLength(whole) <= maxSegmentBytes ? whole : shorten(whole, segment),
    shorten(whole, `twin of ${segment}`),
  ];
}

/** File name of a single object: the last segment of its key that is not empty. */
export function localFileName(key: string, rule: InvalidNames = 'encode'): string {
  return localName(key.replace(/\/+$/, '').split('/').at(-1) ?? '', rule);
}

/** The key that `segments` came from; undefined where one was cut because it was too long. */
export function keyOfSegments(segments: readonly string[]): string | undefined {
  const decoded = segments.map((segment) => (segment === '%2F' ? '' : decodeSegment(segment)));
  return decoded.some((segment) => segment === undefined) ? undefined : decoded.join('/');
}

function localSegment(segment: string): string {
  if (segment === '') {
    return '%2F';
  }
  const escaped = escapeEnds(segment.replace(literalEscape, '%25').replace(unsafeCharacters, percentEncode));
  return Buffer.byteLength(escaped) <= maxSegmentBytes ? escaped : shorten(escaped, segment);
}

/** Escapes reserved names, and endings that are unsafe. */
function escapeEnds(segment: string): string {
  if (dotsOnly.test(segment)) {
    return segment.replaceAll('.', '%2E');
  }
  const ended = trailingDotOrSpace.test(segment) ? segment.slice(0, -1) + percentEncode(segment.slice(-1)) : segment;
  const name = ended.replace(partFileName, (suffix) => percentEncode('.') + suffix.slice(1));
  return deviceName.test(name) || protectedName.test(name) ? percentEncode(name.slice(0, 1)) + name.slice(1) : name;
}

function shorten(escaped: string, original: string): string {
  const hash = createHash('sha256').update(original).digest('hex').slice(0, hashDigits);
  const mark = `%7E${hash}`;
  let kept = '';
  let bytes = Buffer.byteLength(mark);
  for (const character of escaped) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxSegmentBytes) {
      break;
    }
    kept += character;
  }
  // half an escape before the mark would decode to another character
  return kept.replace(/%[0-9A-F]?$/, '') + mark;
}

function percentEncode(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function decodeSegment(segment: string): string | undefined {
  if (segment.includes('%7E')) {
    return undefined;
  }
  return segment.replace(/(?:%[0-9A-F]{2})+/g, (escapes) => Buffer.from(escapes.replaceAll('%', ''), 'hex').toString());
}

/** Highest number in a file name; then the name counts as taken. More copies are rather a mistake. */
const maxNumber = 999;

/** Adds a number to a file name: `report (2).csv`. */
export function numberedPath(file: string, number: number): string {
  const { dir, name, ext } = parse(file);
  return join(dir, `${name} (${number})${ext}`);
}

/** The names for one more file beside an existing one, in the order in which they are tried. */
export function* numberedPaths(file: string): Generator<string> {
  for (let number = 1; number <= maxNumber; number += 1) {
    yield numberedPath(file, number);
  }
}
