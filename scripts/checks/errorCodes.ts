import ts from 'typescript';
import { parseSource, position, sourceFiles, walk } from './project.ts';

const definition = 'src/base/errors.ts';

/** The elements of the array `errorCodes`, of the text of `src/base/errors.ts`. */
export function errorCodesIn(source: ts.SourceFile): string[] {
  const codes: string[] = [];
  walk(source, (node) => {
    if (!ts.isVariableDeclaration(node) || node.name.getText() !== 'errorCodes' || node.initializer === undefined)
      return;
    walk(node.initializer, (part) => {
      if (ts.isStringLiteral(part)) codes.push(part.text);
    });
  });
  return codes;
}

/**
 * Every error code is given to an error. In `src/vscode` codes stand in tables (as keys) and in the errors that are
 * made there: a comparison with a text would be a place that a new code misses without a word, `hasTrait` asks a
 * complete table.
 */
export function errorCodeProblems(root: string): string[] {
  const codes = errorCodesIn(parseSource(root, definition));
  return [...unusedCodes(root, codes), ...comparedCodes(root, codes)];
}

/** Codes that no adapter gives an error: they stand in no text of `src` but their definition and the keys of tables. */
function unusedCodes(root: string, codes: readonly string[]): string[] {
  const given = new Set<string>();
  for (const file of sourceFiles(root).filter((name) => name !== definition)) {
    walk(parseSource(root, file), (node) => {
      if (ts.isStringLiteralLike(node) && !isTableKey(node)) given.add(node.text);
    });
  }
  return codes.filter((code) => !given.has(code)).map((code) => `no error of src has the code ${code}`);
}

function comparedCodes(root: string, codes: readonly string[]): string[] {
  const groups = [...new Set(codes.filter((code) => code.includes('/')).map((code) => code.split('/')[0] ?? ''))];
  const group = new RegExp(`(?<![\\w/])(?:${groups.join('|')})\\)?\\\\?/`);
  const isCode = (text: string): boolean => codes.includes(text) || groups.some((name) => text === `${name}/`);
  return sourceFiles(root)
    .filter((file) => file.startsWith('src/vscode/'))
    .flatMap((file) => {
      const found: string[] = [];
      walk(parseSource(root, file), (node) => {
        const isCompared = ts.isRegularExpressionLiteral(node)
          ? group.test(node.text)
          : ts.isStringLiteralLike(node) && isCode(node.text) && !isTableKey(node) && !isMade(node) && !isOther(node);
        if (isCompared)
          found.push(`${position(node)}: the error code ${node.getText()} is compared as text: ask hasTrait`);
      });
      return found;
    });
}

function isTableKey(node: ts.Node): boolean {
  return ts.isPropertyAssignment(node.parent) && node.parent.name === node;
}

/** `new AppError('code', …)`, also `new AppError(condition ? 'code' : 'other', …)`. */
function isMade(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isConditionalExpression(parent)) return node !== parent.condition && isMade(parent);
  return ts.isNewExpression(parent) && parent.expression.getText() === 'AppError';
}

/** `internal` is also a kind of endpoint: a code only where a code is what it is compared with. */
function isOther(node: ts.StringLiteralLike): boolean {
  return (
    !node.text.includes('/') && !(ts.isBinaryExpression(node.parent) && /\bcode$/.test(node.parent.left.getText()))
  );
}
