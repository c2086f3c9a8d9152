import { parseArgs } from 'node:util';
import { killTable, summary, tableHead, tableRow, violations } from './killTable.ts';

const mebibyte = 1024 * 1024;

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
    'min-mib': { type: 'string', default: '64' },
    'max-mib': { type: 'string', default: '2048' },
  },
});
const [kills, seed, minMebibytes, maxMebibytes] = [values.count, values.seed, values['min-mib'], values['max-mib']].map(
  Number,
);
if (!(kills! > 0) || !Number.isInteger(seed) || !(minMebibytes! > 0) || !(maxMebibytes! >= minMebibytes!)) {
  throw new Error('use --count N --seed N --min-mib N --max-mib N with whole numbers');
}

console.log(
  `Kill table: --count ${kills} --seed ${seed} --min-mib ${minMebibytes} --max-mib ${maxMebibytes}\n\n${tableHead}`,
);
let number = 0;
const rows = await killTable({
  kills: kills!,
  seed: seed!,
  minBytes: minMebibytes! * mebibyte,
  maxBytes: maxMebibytes! * mebibyte,
  onRow: (row) => console.log(tableRow(row, ++number)),
});
const broken = violations(rows);
console.log(
  `\n${summary(rows)}\n${broken.length === 0 ? 'The promise holds.' : `The promise is broken:\n${broken.join('\n')}`}`,
);
process.exitCode = broken.length === 0 ? 0 : 1;
