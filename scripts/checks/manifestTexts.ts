import { readJson, readTexts, stringsIn } from './project.ts';

const files = ['package.nls.json', 'package.nls.zh-cn.json'];

/** Every `%key%` of package.json stands in both languages, and both hold nothing else. */
export function manifestTextProblems(root: string): string[] {
  const strings = stringsIn(readJson(root, 'package.json'));
  const used = new Set(strings.flatMap((text) => /^%([^%]+)%$/.exec(text)?.[1] ?? []));
  return files.flatMap((file) => {
    const texts = readTexts(root, file);
    return [
      ...[...used].filter((key) => !texts.has(key)).map((key) => `${file} lacks ${key}, which package.json uses`),
      ...[...texts.keys()]
        .filter((key) => !used.has(key))
        .map((key) => `${file} has ${key}, which package.json does not use`),
    ];
  });
}
