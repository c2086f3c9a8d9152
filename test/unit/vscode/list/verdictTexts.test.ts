import assert from 'node:assert/strict';
import { verdictText } from '../../../../src/vscode/list/texts.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';

describe('result of a verification', () => {
  it('the result for one file is a sentence about it', () => {
    const text = (verdict: 'intact' | 'sameSize' | 'changed' | 'missing' | 'unknown'): string =>
      verdictText([{ name: 'a', verdict }], plainL10n);
    assert.match(text('intact'), /^a is intact/);
    assert.match(text('sameSize'), /no CRC-64/);
    assert.match(text('changed'), /has changed/);
    assert.match(text('missing'), /not there/);
    assert.match(text('unknown'), /cannot be verified/);
  });

  it('the result for several files names those that have changed', () => {
    const files = (bad: number, count: number) =>
      Array.from({ length: count }, (_, index) => ({
        name: String(index),
        verdict: index < bad ? ('changed' as const) : ('intact' as const),
      }));
    assert.match(verdictText(files(0, 3), plainL10n), /All 3 files/);
    assert.match(verdictText(files(2, 3), plainL10n), /2 of 3 files .*: 0, 1$/);
    assert.match(verdictText(files(7, 9), plainL10n), /: 0, 1, 2, 3, 4 and 2 more$/);
  });
});
