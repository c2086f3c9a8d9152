import assert from 'node:assert/strict';
import { errorCodeProblems } from '../../../scripts/checks/errorCodes.ts';
import { useScratchProject } from './support/scratchProject.ts';

describe('error code check', () => {
  const project = useScratchProject();

  /** Lines of a file of src/vscode in which a code is found. */
  function linesWithCodes(...lines: readonly string[]): readonly number[] {
    project.write(
      'src/base/errors.ts',
      "export const errorCodes = ['auth/denied', 'object/gone', 'internal'] as const;",
    );
    project.write('src/vscode/a.ts', lines.join('\n'));
    project.write('src/oss/table.ts', "const byStatus = { 403: 'auth/denied', 404: 'object/gone', 500: 'internal' };");
    return errorCodeProblems(project.root).map((problem) => Number(/^src\/vscode\/a\.ts:(\d+): /.exec(problem)?.[1]));
  }

  it('a code that no error has is reported', () => {
    project.write('src/base/errors.ts', "export const errorCodes = ['auth/denied', 'object/gone'] as const;");
    project.write('src/oss/a.ts', "throw new AppError('object/gone', 'it is gone');");
    project.write('src/vscode/texts.ts', "const sentences = { 'auth/denied': 'No.', 'object/gone': 'Gone.' };");
    assert.deepEqual(errorCodeProblems(project.root), ['no error of src has the code auth/denied']);
  });

  it('unknown codes in comparisons, switches and lists are reported', () => {
    assert.deepEqual(
      linesWithCodes(
        "if (error.code === 'auth/denied') go();",
        "if ('object/gone' !== code) go();",
        "switch (code) { case 'object/gone': go(); }",
        "if (['auth/denied'].includes(code)) go();",
        "if (error.code === 'internal') go();",
      ),
      [1, 2, 3, 4, 5],
    );
  });

  it('unknown prefixes of codes in texts and regular expressions are reported', () => {
    assert.deepEqual(
      linesWithCodes(
        "if (code.startsWith('auth/')) go();",
        'if (/^(?:auth|object)\\//.test(code)) go();',
        'if (/^object\\/gone$/.test(code)) go();',
      ),
      [1, 2, 3],
    );
  });

  it('codes as table keys and in thrown errors are accepted', () => {
    assert.deepEqual(
      linesWithCodes(
        "const table = { 'auth/denied': 1, 'object/gone': 2, internal: 3 };",
        "throw new AppError('object/gone', 'the object is gone');",
        "throw new AppError(isDenied ? 'auth/denied' : 'object/gone', 'no');",
      ),
      [],
    );
  });

  it('other texts are not taken for codes', () => {
    assert.deepEqual(
      linesWithCodes(
        "if (endpoint.kind === 'internal') go();",
        "const path = 'object/goner';",
        'const bucket = /^oss:\\/\\/([^/]+)/.exec(text);',
        'const last = /[^/\\\\]*$/.exec(text);',
      ),
      [],
    );
  });
});
