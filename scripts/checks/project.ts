import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { Failure } from '../install.mjs';

/** The TypeScript files below `src`, as paths from the root with forward slashes. */
export function sourceFiles(root: string): string[] {
  return globSync('src/**/*.ts', { cwd: root })
    .map((file) => file.replaceAll(path.sep, '/'))
    .sort();
}

export function parseSource(root: string, file: string): ts.SourceFile {
  return parseText(file, readFileSync(path.join(root, file), 'utf8'));
}

export function parseText(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** Calls `visit` for a node and everything below it. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** `file:line`, for a problem's first words. */
export function position(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** @throws Failure when the file is missing or no JSON */
export function readJson(root: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8'));
  } catch (error) {
    throw new Failure(`${file} cannot be read as JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** A file of texts: key to text. @throws Failure when it is anything else */
export function readTexts(root: string, file: string): Map<string, string> {
  const json = readJson(root, file);
  if (typeof json !== 'object' || json === null) throw new Failure(`${file} must hold an object of texts.`);
  return new Map(
    Object.entries(json).map(([key, text]) => {
      if (typeof text !== 'string') throw new Failure(`${file} must hold texts only, but ${key} is none.`);
      return [key, text];
    }),
  );
}

/** Every string anywhere in a JSON value. */
export function stringsIn(json: unknown): string[] {
  if (typeof json === 'string') return [json];
  if (typeof json !== 'object' || json === null) return [];
  return Object.values(json).flatMap(stringsIn);
}
