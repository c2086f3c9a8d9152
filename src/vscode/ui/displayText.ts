/** Control and invisible characters that reorder or hide text, and so disguise a name. */
const deceptive = /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** A display name: invisible characters are shown as escapes such as `\u{202e}`. */
export function visibleName(name: string): string {
  return name.replace(deceptive, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}

/**
 * The last segment of an object's key below the folder it is shown in; `./` for an object named like the folder itself.
 */
export function objectLabel(key: string, parentPrefix: string): string {
  return visibleName(key.slice(parentPrefix.length)) || './';
}

/** The last segment of a prefix, without its slash; `/` for an empty segment, as in `a//b`. */
export function prefixLabel(prefix: string, parentPrefix: string): string {
  return visibleName(prefix.slice(parentPrefix.length).replace(/\/$/, '')) || '/';
}

const asciiPunctuation = /[!-/:-@[-`{-~]/g;

/**
 * Escapes a text for Markdown, on one line, so that an object's name creates no link, emphasis or HTML.
 * @see https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(asciiPunctuation, '\\$&');
}
