import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A longer map is not read: details go to a page of their own in docs/. */
const maxMapBytes = 7000;
const map = 'ARCHITECTURE.md';

const fileName = /[\w./-]*\w\.(?:ts|mts|mjs)\b/g;
/** A code span that is a path from the root of the project. */
const rootPath = /`((?:src|test|scripts|docs|l10n|media)\/[\w./-]*)`/g;
const link = /\[[^\]]*\]\(([^)\s]+)\)/g;
const elsewhere = /^(?:[a-z]+:|#)/i;

/** Source files, paths and relative links in the pages that do not exist, and an ARCHITECTURE.md that is too long. */
export function docsProblems(root: string): string[] {
  const pages = globSync('{*,docs/**/*,test/**/*}.md', { cwd: root }).map(withSlashes).sort();
  const files = globSync('{src,test,scripts}/**/*.{ts,mts,mjs}', { cwd: root }).map(withSlashes);
  return pages.flatMap((page) => {
    const text = readFileSync(path.join(root, page), 'utf8');
    const lines = text
      .split('\n')
      .flatMap((line, index) =>
        [...deadNames(root, page, files, line)].map(
          (name) => `${page}:${index + 1} names ${name}, which does not exist`,
        ),
      );
    const bytes = Buffer.byteLength(text);
    return page === map && bytes > maxMapBytes
      ? [`${page} has ${bytes} bytes, more than ${maxMapBytes}: move details to docs/`, ...lines]
      : lines;
  });
}

/** What a line names that is not there, each once. A source file may be named by the end of its path. */
function deadNames(root: string, page: string, files: readonly string[], line: string): ReadonlySet<string> {
  const sources = [...line.matchAll(fileName)].map(([name]) => name.replace(/^(?:\.{1,2}\/)+/, ''));
  const paths = captures(line, rootPath);
  const links = captures(line, link).filter((target) => !elsewhere.test(target));
  return new Set([
    ...sources.filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`))),
    ...paths.filter((name) => !existsSync(path.join(root, name))),
    ...links.filter((target) => !existsSync(path.join(root, path.dirname(page), target.replace(/#.*$/, '')))),
  ]);
}

function captures(line: string, pattern: RegExp): string[] {
  return [...line.matchAll(pattern)].map(([, captured = '']) => captured);
}

function withSlashes(file: string): string {
  return file.replaceAll(path.sep, '/');
}
