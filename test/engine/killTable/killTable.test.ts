import assert from 'node:assert/strict';
import { killTable, summary, violations } from './killTable.ts';

const mebibyte = 1024 * 1024;

describe('kill table', () => {
  it('twenty SIGKILLs leave identical files and lose at most 1 MiB a connection plus a second', async function () {
    this.timeout(300_000);
    const seed = Number(process.env['KILL_SEED'] ?? Math.floor(Math.random() * 1e9));
    const rows = await killTable({ kills: 20, seed, minBytes: 16 * mebibyte, maxBytes: 96 * mebibyte });
    console.log(`      KILL_SEED=${seed}: ${summary(rows).replaceAll('\n', '; ')}`);
    assert.deepEqual(violations(rows), []);
  });
});
