const asciiPunctuation = /[!-/:-@[-`{-~]/g;

/**
 * A text that Markdown shows exactly as it is, on one line: no link, no emphasis, no HTML comes of an object's name.
 * @see https://spec.commonmark.org/0.31.2/#backslash-escapes
 */
export function escapeMarkdown(text: string): string {
  return text.replace(/\s+/g, ' ').replace(asciiPunctuation, '\\$&');
}
