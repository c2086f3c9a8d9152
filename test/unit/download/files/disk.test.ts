import assert from 'node:assert/strict';
import { diskError } from '../../../../src/download/files/disk.ts';
import { systemError } from '../../../support/brokenDisk.ts';

describe('diskError', () => {
  const [quota, stale] = process.platform === 'darwin' ? [-69, -70] : [-122, -116];

  it('recognizes an exceeded quota and a lost network file by error numbers that Node does not name', () => {
    const unnamed = (errno: number): Error => systemError(`Unknown system error ${errno}`, errno);
    assert.equal(diskError(unnamed(quota), '/a').code, 'disk/full');
    assert.equal(diskError(unnamed(stale), '/a').code, 'disk/missing');
    assert.equal(diskError(unnamed(-999), '/a').code, 'disk/failed');
  });
});
