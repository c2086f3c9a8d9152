/** An element: text, or children in order. `undefined` children are left out. */
export type XmlNode = readonly [name: string, content: string | number | boolean | readonly (XmlNode | undefined)[]];

/** A document as OSS prints it. */
export function xmlDocument(root: XmlNode): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element(root, '')}`;
}

function element([name, content]: XmlNode, indent: string): string {
  if (typeof content !== 'object') {
    return `${indent}<${name}>${escapeXml(String(content))}</${name}>\n`;
  }
  const children = content.map((child) => (child === undefined ? '' : element(child, `${indent}  `))).join('');
  return `${indent}<${name}>\n${children}${indent}</${name}>\n`;
}

const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/**
 * Control characters become references, which XML 1.0 forbids for most of them: a key with one cannot be
 * listed faithfully, and that is why clients ask for `encoding-type=url`.
 */
function escapeXml(text: string): string {
  return text.replace(/[&<>\u0000-\u001f]/g, (character) => markup[character] ?? `&#${character.charCodeAt(0)};`);
}

/** Text of the first element of that name in a small request body, or undefined. */
export function xmlText(body: string, name: string): string | undefined {
  return new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(body)?.[1];
}
