/** A section of an INI file. */
export interface IniSection {
  /** Trimmed, otherwise verbatim. */
  readonly name: string;
  /** By lower-case key without `-` and `_`: `accessKeyID`, `access_key_id` and `access-key-id` are equal. */
  readonly values: ReadonlyMap<string, string>;
  /** All lines, for sections whose keys are names, or nested. */
  readonly lines: readonly IniLine[];
}

/** `key = value`, the key verbatim. */
export interface IniLine {
  readonly key: string;
  readonly value: string;
  /** Number of spaces and tabs before the key. */
  readonly indent: number;
}

/** Parses an INI file. @returns undefined if a line is neither section, comment nor `key=value` */
export function readIni(text: string): readonly IniSection[] | undefined {
  const sections: { name: string; values: Map<string, string>; lines: IniLine[] }[] = [];
  for (const raw of text.split(/\r\n|\r|\n/)) {
    const line = raw.trim();
    if (line === '' || /^[#;]/.test(line)) {
      continue;
    }
    const name = /^\[([^\]]+)\]$/.exec(line)?.[1]?.trim();
    if (name !== undefined) {
      sections.push({ name, values: new Map(), lines: [] });
      continue;
    }
    const [, key, value = ''] = /^([^=]+?)\s*=\s*(.*)$/.exec(line) ?? [];
    const section = sections.at(-1);
    if (key === undefined || section === undefined) {
      return undefined;
    }
    section.values.set(iniKey(key), unquote(value));
    section.lines.push({ key, value: unquote(value), indent: raw.length - raw.trimStart().length });
  }
  return sections;
}

export function iniKey(key: string): string {
  return key.replace(/[-_]/g, '').toLowerCase();
}

function unquote(value: string): string {
  return /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
}
