import assert from 'node:assert/strict';
import { reportOf, reportBytes, reportCsv } from '../../../../src/vscode/list/report.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import { download } from '../support/snapshots.ts';
import type { BatchReport } from '../../../../src/download/batchModel.ts';

const bucket = { profile: 'p', bucket: 'b-1' };
const batch: BatchReport = {
  batch: {
    kind: 'batch',
    id: 'batch',
    label: 'oss://b-1/f/',
    folder: '/home/me/out',
    state: { kind: 'finished' },
    isListed: true,
    found: 12,
    foundBytes: 1200,
    done: 10,
    bytesDone: 1000,
    failed: 2,
    skipped: 1003,
    archived: 0,
    isWaiting: false,
    bytesPerSecond: 0,
  },
  createdMs: Date.UTC(2026, 10, 22, 6),
  objects: [
    {
      outcome: 'failed',
      object: { ...bucket, key: 'f/say "hi",\nthere' },
      path: '/home/me/out/f/x',
      sizeBytes: 5,
      failure: {
        code: 'auth/accessDenied',
        details: { status: 403, ossCode: 'AccessDenied', ec: '0003-1', requestId: '67' },
      },
    },
    {
      outcome: 'failed',
      object: { ...bucket, key: "=cmd|'/c calc'!A1", versionId: 'v1' },
      failure: { code: 'disk/full', details: { subject: '/home/me/out/报告' } },
    },
    { outcome: 'kept', object: { ...bucket, key: 'f/kept' }, path: '/home/me/out/f/kept', sizeBytes: 0 },
  ],
  unlisted: 1002,
};
const failedUrl = download(
  {
    kind: 'failed',
    canResume: true,
    error: {
      code: 'auth/urlExpired',
      message: 'https://h/a?sig=secret',
      retryable: false,
      details: { subject: 'https://h/a?Signature=secret' },
    },
  },
  { label: 'https://h/a', path: '/home/me/a' },
);
const report = reportOf(
  [batch],
  [failedUrl, download({ kind: 'completed', verified: 'crc64' })],
  Date.UTC(2026, 10, 22, 7),
  plainL10n,
);

/** An independent reader of RFC 4180: rows of fields, without quotes. */
function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gu)) {
    rows.at(-1)?.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (end === '\r\n') {
      rows.push([]);
    } else if (end === '') {
      break;
    }
  }
  return rows.slice(0, -1);
}

describe('export of the report', () => {
  const csv = reportCsv(report);
  const [header = [], ...rows] = parseCsv(csv.slice(1));
  const records = rows.map((row): Readonly<Record<string, string | undefined>> =>
    Object.fromEntries(header.map((name, index) => [name, row[index]] as const).filter(([, value]) => value !== '')),
  );

  it('a CSV report has a byte order mark, CRLF, and as many fields in each row', () => {
    assert.deepEqual([...reportBytes(report, '/x/report.csv').subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.ok(csv.endsWith('\r\n'));
    assert.equal(rows.length, 6);
    assert.ok(rows.every((row) => row.length === header.length));
  });

  it('the report covers a batch, its failed and skipped objects, and the single downloads', () => {
    assert.deepEqual(records, [
      {
        record: 'batch',
        label: 'oss://b-1/f/',
        folder: '/home/me/out',
        began: '2026-11-22T06:00:00.000Z',
        state: 'finished',
        found: '12',
        done: '10',
        failed: '2',
        skipped: '1003',
        unlisted: '1002',
        bytesDone: '1000',
        bytesFound: '1200',
        message: '1002 more objects were skipped. They are counted here, but not listed.',
      },
      {
        record: 'object',
        label: 'oss://b-1/f/',
        state: 'failed',
        object: 'oss://b-1/f/say "hi",\nthere',
        key: 'f/say "hi",\nthere',
        path: '/home/me/out/f/x',
        sizeBytes: '5',
        code: 'auth/accessDenied',
        message:
          'Access to oss://b-1/f/say "hi",\\u{a}there is denied. Ask its owner for permission, or use another profile.',
        httpStatus: '403',
        ossCode: 'AccessDenied',
        ec: '0003-1',
        requestId: '67',
      },
      {
        record: 'object',
        label: 'oss://b-1/f/',
        state: 'failed',
        object: "oss://b-1/=cmd|'/c calc'!A1",
        key: "'=cmd|'/c calc'!A1",
        versionId: 'v1',
        code: 'disk/full',
        message: 'There is not enough free space for /home/me/out/报告. Free some and resume.',
      },
      {
        record: 'object',
        label: 'oss://b-1/f/',
        state: 'skipped',
        object: 'oss://b-1/f/kept',
        key: 'f/kept',
        path: '/home/me/out/f/kept',
        sizeBytes: '0',
        message: 'The file that is already there is kept.',
      },
      {
        record: 'download',
        state: 'failed',
        bytesDone: '500',
        object: 'https://h/a',
        path: '/home/me/a',
        sizeBytes: '1000',
        code: 'auth/urlExpired',
        message: 'The signed URL of https://h/a has expired. A new one is needed.',
      },
      {
        record: 'download',
        state: 'completed',
        bytesDone: '500',
        object: 'oss://bucket/folder/report.csv',
        path: '/home/me/report.csv',
        sizeBytes: '1000',
      },
    ]);
  });

  for (const start of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
    it(`a key that begins with ${JSON.stringify(start)} is not a formula in a spreadsheet`, () => {
      const of = reportOf(
        [{ ...batch, objects: [{ outcome: 'kept', object: { ...bucket, key: `${start}1+1` } }] }],
        [],
        0,
        plainL10n,
      );
      assert.ok(reportCsv(of).includes(`,"'${start}1+1",`));
    });
  }

  it('skipped archived objects are named and counted as skipped', () => {
    const of = reportOf(
      [
        {
          ...batch,
          batch: { ...batch.batch, archived: 1 },
          objects: [{ outcome: 'archived', object: { ...bucket, key: 'frozen' } }],
        },
      ],
      [],
      0,
      plainL10n,
    );
    assert.deepEqual(
      [of.batches[0]?.skipped, of.batches[0]?.objects[0]?.state, of.batches[0]?.objects[0]?.message],
      [1004, 'skipped', 'Archived, and left out.'],
    );
  });

  it('a file name with .json gives JSON with the same facts', () => {
    const json = JSON.parse(new TextDecoder().decode(reportBytes(report, '/x/Report.JSON'))) as typeof report;
    assert.deepEqual(json, report);
    assert.equal(json.batches[0]?.objects[1]?.key, "=cmd|'/c calc'!A1");
  });

  it('the report holds no secret', () => {
    assert.doesNotMatch(csv + JSON.stringify(report), /secret/);
  });
});
