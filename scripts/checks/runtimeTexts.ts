import ts from 'typescript';
import { parseSource, position, readTexts, sourceFiles, walk } from './project.ts';

const bundle = 'l10n/bundle.l10n.zh-cn.json';

/** Every `l10n.t(…)` of `src` has a Chinese text with the same placeholders, and no text is left over. */
export function runtimeTextProblems(root: string): string[] {
  const problems: string[] = [];
  const used = new Map<string, string>();
  for (const file of sourceFiles(root)) {
    walk(parseSource(root, file), (node) => {
      if (!isTranslation(node)) return;
      const found = translated(node);
      if (found === undefined)
        problems.push(`${position(node)}: the text of l10n.t must be a literal, or no translator can find it`);
      else used.set(found.key, found.message);
    });
  }
  const texts = readTexts(root, bundle);
  for (const [key, message] of used) {
    const text = texts.get(key);
    if (text === undefined) problems.push(`${bundle} lacks: ${key}`);
    else if (placeholders(text) !== placeholders(message))
      problems.push(`${bundle} has other placeholders than the English text: ${key}`);
  }
  for (const key of texts.keys()) {
    if (!used.has(key)) problems.push(`${bundle} has a text that src does not use: ${key}`);
  }
  return problems;
}

/** `l10n.t(…)` or `vscode.l10n.t(…)`. */
function isTranslation(node: ts.Node): node is ts.CallExpression {
  if (
    !ts.isCallExpression(node) ||
    !ts.isPropertyAccessExpression(node.expression) ||
    node.expression.name.text !== 't'
  )
    return false;
  const object = node.expression.expression;
  return (
    (ts.isIdentifier(object) ? object : ts.isPropertyAccessExpression(object) ? object.name : undefined)?.text ===
    'l10n'
  );
}

/**
 * The English message, and the key that VS Code looks up: the message, and behind a slash the comment where there is
 * one.
 */
function translated(call: ts.CallExpression): { readonly key: string; readonly message: string } | undefined {
  const first = call.arguments[0];
  if (first === undefined) return undefined;
  const text = literalText(first);
  if (text !== undefined) return { key: text, message: text };
  if (!ts.isObjectLiteralExpression(first)) return undefined;
  const message = literalText(property(first, 'message'));
  const comment = property(first, 'comment');
  if (message === undefined) return undefined;
  if (comment === undefined) return { key: message, message };
  const comments = ts.isArrayLiteralExpression(comment) ? [...comment.elements] : [comment];
  const suffix = comments.map((part) => literalText(part) ?? '').join('');
  return { key: `${message}/${suffix}`, message };
}

/** The text of a literal, or of literals joined by `+`; undefined for anything else. */
function literalText(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return undefined;
  const [left, right] = [literalText(node.left), literalText(node.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}

function property(object: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined {
  const found = object.properties.find((candidate) => candidate.name?.getText() === name);
  return found !== undefined && ts.isPropertyAssignment(found) ? found.initializer : undefined;
}

function placeholders(text: string): string {
  return [...new Set(text.match(/\{\w+\}/g))].sort().join();
}
