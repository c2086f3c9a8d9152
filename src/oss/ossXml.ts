import { XMLParser } from 'fast-xml-parser';

// Entities stay as they are: nothing that is read here needs them, and a document cannot blow itself up with them.
const parser = new XMLParser({
  processEntities: false,
  parseTagValue: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/** The root element's texts by name; empty for anything that is not such a document. Never throws. */
export function readFlatXml(xml: string, root: string): Readonly<Record<string, string>> {
  let parsed: unknown;
  try {
    parsed = parser.parse(xml);
  } catch {
    return {};
  }
  const element = isRecord(parsed) ? parsed[root] : undefined;
  if (!isRecord(element)) {
    return {};
  }
  return Object.fromEntries(
    Object.entries(element).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
