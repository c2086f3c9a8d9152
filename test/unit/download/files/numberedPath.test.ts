import assert from 'node:assert/strict';
import path from 'node:path';
import { numberedPath } from '../../../../src/download/files/localPath.ts';

describe('numberedPath', () => {
  it('a numbered path has its number before the extension', () => {
    assert.equal(numberedPath(path.join('/d', 'report.tar.gz'), 2), path.join('/d', 'report.tar (2).gz'));
    assert.equal(numberedPath(path.join('/d', '.env'), 1), path.join('/d', '.env (1)'));
  });
});
