import assert from 'node:assert/strict';
import fc from 'fast-check';
import { AppError } from '../../../../src/base/errors.ts';
import { BatchLedger } from '../../../../src/download/batch/batchLedger.ts';
import { decodeRecord, encodeLines, encodeRecord, newBatchHeader } from '../../../../src/download/batch/batchRecord.ts';
import type { BatchLine } from '../../../../src/download/batch/batchRecord.ts';

const bucket = { profile: 'p', bucket: 'b-1' };
const headerFacts: Parameters<typeof newBatchHeader>[0] = {
  id: 'id',
  createdMs: 1,
  label: 'oss://b-1/f/',
  folder: '/home/me/out',
  conflict: 'ask',
  invalidNames: 'encode',
  preserveModified: true,
  sources: [
    { kind: 'prefix', bucket, prefix: 'f/', into: ['f'] },
    { kind: 'object', ref: { ...bucket, key: 'o' }, known: { sizeBytes: 3, etag: '"e"' }, into: ['o'] },
  ],
};
const header = newBatchHeader(headerFacts);
const take = (n: number, key = `f/${n}`, size = n): BatchLine => ({
  t: 'take',
  n,
  source: 0,
  key,
  path: `/home/me/out/${key}`,
  overwrite: false,
  size,
  etag: '"e"',
});

function ledgerOf(lines: readonly BatchLine[]): BatchLedger {
  const ledger = new BatchLedger(header);
  lines.forEach((line) => ledger.apply(line));
  return ledger;
}

const facts = ({
  cursor,
  found,
  foundBytes,
  done,
  doneBytes,
  skipped,
  skips,
  archived,
  policy,
  pending,
  isListed,
  lastState,
}: BatchLedger) => ({
  cursor,
  found,
  foundBytes,
  done,
  doneBytes,
  skipped,
  skips,
  archived,
  policy,
  pending,
  isListed,
  lastState,
});

describe('the record of a batch', () => {
  const lines: readonly BatchLine[] = [
    take(1),
    take(2, 'f/new\nline \u2028 \ud83d\ude00'),
    { t: 'done', n: 1, size: 1 },
    { t: 'pass', source: 0, key: 'f/folder/', why: 'folder' },
    { t: 'pass', source: 0, key: 'f/kept', why: 'skipped' },
    { t: 'policy', policy: 'skip' },
    { t: 'end', source: 0 },
    { t: 'state', state: 'failed', code: 'disk/full' },
  ];

  it('a batch record decodes to what was written', () => {
    assert.deepEqual(decodeRecord(encodeRecord(header, lines)), { header, lines });
  });

  it('a record that skips archived objects has the same format version', () => {
    const second = newBatchHeader({ ...headerFacts, leaveOutArchived: true });
    const archived: BatchLine = { t: 'pass', source: 0, key: 'f/frozen', why: 'archived' };
    assert.deepEqual([header.version, second.version], [1, 1]);
    assert.deepEqual(decodeRecord(encodeRecord(second, [...lines, archived])), {
      header: second,
      lines: [...lines, archived],
    });
  });

  it('a version 1 record is still readable', () => {
    const record = [
      'f466eda8 {"version":1,"id":"id","createdMs":1,"label":"oss://b-1/f/","folder":"/home/me/out","con' +
        'flict":"ask","invalidNames":"encode","preserveModified":true,"sources":[{"kind":"prefix",' +
        '"bucket":{"profile":"p","bucket":"b-1"},"prefix":"f/","into":["f"]}]}',
      'd8e51654 {"t":"sum","cursor":{"source":0,"key":"f/9"},"found":9,"foundBytes":90,"done":8,"doneBytes":80,' +
        '"skipped":1,"policy":"skip"}',
      '',
    ].join('\n');
    const {
      header: read,
      lines: [sum],
    } = decodeRecord(record);
    assert.deepEqual([read.version, read.leaveOutArchived], [1, undefined]);
    assert.ok(sum !== undefined);
    const ledger = new BatchLedger(read);
    ledger.apply(sum);
    assert.deepEqual(
      [ledger.found, ledger.skipped, ledger.archived, ledger.cursor],
      [9, 1, 0, { source: 0, key: 'f/9' }],
    );
  });

  it('a torn or garbled record is valid up to the damage, wherever that is', () => {
    const whole = encodeRecord(header, lines);
    const start = encodeRecord(header, []).length;
    fc.assert(
      fc.property(fc.integer({ min: start, max: whole.length }), (cut) => {
        const read = decodeRecord(whole.slice(0, cut)).lines;
        assert.deepEqual(read, lines.slice(0, read.length));
        assert.equal(read.length, whole.slice(start, cut).split('\n').length - 1);
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: start, max: whole.length - 1 }), (at) => {
        const garbled = `${whole.slice(0, at)}${whole[at] === 'x' ? 'y' : 'x'}${whole.slice(at + 1)}`;
        const read = decodeRecord(garbled).lines;
        assert.deepEqual(read, lines.slice(0, read.length));
        assert.ok(read.length < lines.length);
      }),
    );
  });

  it('a record of a newer version is left untouched, and a foreign file is reported as unreadable', () => {
    const code = (record: string): string => {
      try {
        decodeRecord(record);
        return 'read';
      } catch (error) {
        return error instanceof AppError ? error.code : 'other';
      }
    };
    const newer = encodeRecord({ ...header, version: 2 as 1 }, []);
    assert.deepEqual(
      ['', 'nonsense', encodeLines(lines), newer, newer.replace('"version":2', '"version":4')].map(code),
      [
        'checkpoint/unreadable',
        'checkpoint/unreadable',
        'checkpoint/unreadable',
        'checkpoint/newerVersion',
        'checkpoint/unreadable',
      ],
    );
  });

  it('a compacted record decodes to the same state after any sequence of events', () => {
    const event = fc.constantFrom('take', 'done', 'drop', 'keep', 'fail', 'pass', 'policy', 'end', 'state');
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        const ledger = new BatchLedger(header);
        for (const [index, name] of events.entries()) {
          const [oldest] = ledger.pending;
          const key = `f/${String(index).padStart(3, '0')}`;
          const choices: Readonly<Record<typeof name, BatchLine | undefined>> = {
            take: ledger.cursor.source === 0 ? take(ledger.nextNumber(), key, index) : undefined,
            done: oldest && { t: 'done', n: oldest.n, size: oldest.size ?? 0 },
            drop: oldest && { t: 'drop', n: oldest.n },
            keep: oldest && { t: 'drop', n: oldest.n, kept: true },
            fail: oldest && {
              ...oldest,
              failed: { code: 'object/notFound', details: { status: 404, requestId: key } },
            },
            pass:
              ledger.cursor.source === 0
                ? {
                    t: 'pass',
                    source: 0,
                    key,
                    why: (['folder', 'skipped', 'archived'] as const)[index % 3] ?? 'folder',
                  }
                : undefined,
            policy: { t: 'policy', policy: 'overwrite' },
            end: ledger.cursor.source === 0 ? { t: 'end', source: 0 } : undefined,
            state: { t: 'state', state: 'paused' },
          };
          const line = choices[name];
          if (line !== undefined) {
            ledger.apply(line);
          }
        }
        assert.deepEqual(facts(ledgerOf(ledger.condensed())), facts(ledger));
      }),
    );
  });

  it('the record names the first 1,000 skipped objects and counts the rest', () => {
    const ledger = ledgerOf(
      Array.from({ length: 5000 }, (_, number): BatchLine => ({
        t: 'pass',
        source: 0,
        key: `f/${number}`,
        why: 'skipped',
        path: `/home/me/out/f/${number}`,
        size: number,
      })),
    );
    for (const each of [ledger, ledgerOf(ledger.condensed())]) {
      assert.deepEqual([each.skipped, each.skips.length, each.skips[999]?.key], [5000, 1000, 'f/999']);
    }
  });

  it('records from before reports existed are still readable', () => {
    const written = [
      String.raw`3645b691 {"version":1,"id":"id","createdMs":1,"label":"oss://b-1/f/","folder":"/out",` +
        String.raw`"conflict":"ask","invalidNames":"encode","preserveModified":true,` +
        String.raw`"sources":[{"kind":"prefix","bucket":{"profile":"p","bucket":"b-1"},"prefix":"f/",` +
        String.raw`"into":["f"]}]}`,
      String.raw`cae0c46f {"t":"take","n":1,"source":0,"key":"f/1","path":"/out/f/1","overwrite":false,` +
        String.raw`"size":1,"etag":"\"e\""}`,
      String.raw`43f4f421 {"t":"take","n":2,"source":0,"key":"f/2","path":"/out/f/2","overwrite":false,` +
        String.raw`"refused":"input/invalidName"}`,
      String.raw`61bfec29 {"t":"drop","n":1}`,
      String.raw`724f979b {"t":"pass","source":0,"key":"f/kept","why":"skipped"}`,
      String.raw`9d7162ea {"t":"end","source":0}`,
      String.raw`99e8a99b {"t":"state","state":"finished"}`,
    ]
      .map((line) => `${line}\n`)
      .join('');
    const { header: readHeader, lines: readLines } = decodeRecord(written);
    const ledger = new BatchLedger(readHeader);
    readLines.forEach((line) => ledger.apply(line));
    assert.deepEqual(
      {
        found: ledger.found,
        skipped: ledger.skipped,
        isListed: ledger.isListed,
        pending: ledger.pending.map(({ n, refused }) => [n, refused]),
        state: ledger.lastState.state,
        skips: ledger.skips,
      },
      {
        found: 1,
        skipped: 2,
        isListed: true,
        pending: [[2, 'input/invalidName']],
        state: 'finished',
        skips: [
          { t: 'pass', source: 0, key: 'f/1', why: 'skipped', path: '/out/f/1', size: 1, cancelled: true },
          { t: 'pass', source: 0, key: 'f/kept', why: 'skipped' },
        ],
      },
    );
  });

  it('the record counts found, done and skipped objects, and knows which are active', () => {
    const ledger = ledgerOf(lines);
    assert.deepEqual(
      { ...facts(ledger), pending: ledger.pending.map(({ n }) => n) },
      {
        cursor: { source: 1 },
        found: 2,
        foundBytes: 3,
        done: 1,
        doneBytes: 1,
        skipped: 1,
        skips: [lines[4]],
        archived: 0,
        policy: 'skip',
        pending: [2],
        isListed: false,
        lastState: { t: 'state', state: 'failed', code: 'disk/full' },
      },
    );
    assert.deepEqual(ledger.refOf({ source: 0, key: 'f/2' }), { ...bucket, key: 'f/2' });
    ledger.apply({ t: 'take', n: 3, source: 1, key: 'o', path: '/home/me/out/o', overwrite: true });
    assert.equal(ledger.isListed, true);
    ledger.apply({ t: 'drop', n: 3 });
    assert.deepEqual([ledger.found, ledger.skipped], [2, 2]);
  });
});
