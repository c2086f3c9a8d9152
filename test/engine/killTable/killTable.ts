import { join } from 'node:path';
import { onStop } from '../../../scripts/support/stopping.ts';
import { startOssServer } from '../../server/ossServer.ts';
import { seededRandom } from '../../support/random.ts';
import { tempFolder } from '../../support/tempFolder.ts';
import { planObjects } from './killPlan.ts';
import type { KillPlanOptions } from './killPlan.ts';
import { KillRun } from './killRun.ts';
import type { KillCost, KillRow } from './killRun.ts';

export interface KillTableOptions extends KillPlanOptions {
  readonly seed: number;
  /** Told after each object. */
  readonly onRow?: (row: KillRow) => void;
}

/** Downloads objects one after the other until so many processes have been killed at it. */
export async function killTable(options: KillTableOptions): Promise<readonly KillRow[]> {
  const folder = tempFolder();
  const server = await startOssServer({ buckets: { pub: { acl: 'public-read' } } });
  const release = onStop(() => folder.remove());
  const rows: KillRow[] = [];
  try {
    let left = options.kills;
    for (const object of planObjects(options, seededRandom(options.seed))) {
      if (left <= 0) {
        break;
      }
      const row = await KillRun.run(
        { ...object, kills: object.kills.slice(0, left) },
        server,
        join(folder.path, String(rows.length)),
      );
      left -= row.kills.length;
      rows.push(row);
      options.onRow?.(row);
    }
    return rows;
  } finally {
    release();
    await server.close();
    folder.remove();
  }
}

/** Everything that breaks the promise, in words. */
export function violations(rows: readonly KillRow[]): readonly string[] {
  return rows.flatMap((row, index) => [
    ...(row.difference === undefined ? [] : [`object ${index + 1}, seed ${row.object.seed}: ${row.difference}`]),
    ...row.kills.flatMap(({ bytes, boundBytes }, kill) =>
      bytes <= boundBytes
        ? []
        : [`object ${index + 1}, kill ${kill + 1}: ${bytes} bytes were fetched twice, ${boundBytes} may be`],
    ),
  ]);
}

export const tableHead = [
  '| # | size, MiB | MiB/s a connection | kills | sent, MiB | fetched twice, MiB | worst kill, MiB | its bound, ' +
    'MiB | file |',
  '|--:|--:|--:|--:|--:|--:|--:|--:|---|',
].join('\n');

export function tableRow(row: KillRow, number: number): string {
  const worst = row.kills.toSorted((a, b) => shareOfBound(b) - shareOfBound(a))[0];
  const twice = row.sentBytes - row.object.sizeBytes;
  const rate = row.object.bytesPerSecond === 0 ? 'no limit' : inMebibytes(row.object.bytesPerSecond);
  const cells = [
    number,
    inMebibytes(row.object.sizeBytes),
    rate,
    row.kills.length,
    inMebibytes(row.sentBytes),
    inMebibytes(twice),
    inMebibytes(worst?.bytes ?? 0),
    inMebibytes(worst?.boundBytes ?? 0),
    row.difference ?? 'identical',
  ];
  return `| ${cells.join(' | ')} |`;
}

export function summary(rows: readonly KillRow[]): string {
  const kills = rows.flatMap((row) => row.kills);
  const size = rows.reduce((sum, row) => sum + row.object.sizeBytes, 0);
  const sent = rows.reduce((sum, row) => sum + row.sentBytes, 0);
  const share = Math.max(0, ...kills.map(shareOfBound));
  return [
    `${kills.length} kills, ${rows.length} objects, ${rows.filter((row) => row.difference === undefined).length} ` +
      `identical files`,
    `${inMebibytes(size)} MiB needed, ${inMebibytes(sent)} MiB sent: ${((100 * (sent - size)) / size).toFixed(2)} ` +
      `% fetched twice`,
    `worst kill: ${(100 * share).toFixed(0)} % of its bound (1 MiB for each connection and what was sent in the ` +
      `last second)`,
  ].join('\n');
}

/** A process that died before its first byte costs nothing, and nothing it may cost. */
function shareOfBound({ bytes, boundBytes }: KillCost): number {
  return bytes === 0 ? 0 : bytes / boundBytes;
}

function inMebibytes(bytes: number): string {
  return (bytes / (1024 * 1024)).toFixed(1);
}
