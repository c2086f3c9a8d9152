/** Texts that follow each other with white space between them. */
export function spaced(...texts: readonly RegExp[]): RegExp {
  return new RegExp(texts.map(({ source }) => source).join('\\s+'));
}
