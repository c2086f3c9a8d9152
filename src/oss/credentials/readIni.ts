/** A section of an INI file; names and keys in the spelling that they are compared in. */
export interface IniSection {
  /** Trimmed, as it stands in the file. */
  readonly name: string;
  /** By key without `-` and `_`, in lower case: `accessKeyID`, `access_key_id` and `access-key-id` are one. */
  readonly values: ReadonlyMap<string, string>;
  /** Each line by itself, for sections whose keys are names, or nested. */
  readonly lines: readonly IniLine[];
}

/** `key = value`, the key exactly as it stands in the file. */
export interface IniLine {
  readonly key: string;
  readonly value: string;
  /** How many spaces and tabs stand before the key. */
  readonly indent: number;
}

/** @returns undefined for a text that is no INI file: a line that is neither section, comment nor `key=value` */
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
