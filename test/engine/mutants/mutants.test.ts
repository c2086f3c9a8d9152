import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../../scripts/install.mjs';
import { mutants } from './mutants.ts';

describe('mutants', () => {
  for (const mutant of mutants) {
    it(`the mutant still fits the source: ${mutant.name}`, () => {
      for (const { file, find } of mutant.edits) {
        assert.equal(readFileSync(join(projectFolder, file), 'utf8').split(find).length - 1, 1, `${file}: ${find}`);
      }
    });
  }
});
