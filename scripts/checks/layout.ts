import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Folders with more files need rooms. */
const maxFiles = 24;
/** Longer files have more than one reason to change. */
const maxLines = 330;
/** The formatter's width: what it cannot break (texts, comments) is wrapped by hand. */
const maxColumns = 120;

/** Folders with too many files, files with too many lines, lines with too many columns. */
export function layoutProblems(root: string): string[] {
  const files = globSync('{src,test,scripts}/**/*.{ts,mts,mjs,cjs,js}', { cwd: root })
    .map((file) => file.replaceAll(path.sep, '/'))
    .sort();
  return [...folderProblems(files), ...files.flatMap((file) => fileProblems(root, file))];
}

function folderProblems(files: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const file of files) {
    const folder = path.posix.dirname(file);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts]
    .filter(([, count]) => count > maxFiles)
    .map(([folder, count]) => `${folder} holds ${count} files, more than ${maxFiles}: divide it into rooms`);
}

function fileProblems(root: string, file: string): string[] {
  const lines = readFileSync(path.join(root, file), 'utf8').split('\n');
  const count = lines.at(-1) === '' ? lines.length - 1 : lines.length;
  return [
    ...(count > maxLines ? [`${file} has ${count} lines, more than ${maxLines}: divide it`] : []),
    ...lines.flatMap((line, index) =>
      line.length > maxColumns ? [`${file}:${index + 1} has ${line.length} columns, more than ${maxColumns}`] : [],
    ),
  ];
}
