import { parseArgs } from 'node:util';
import { Soak } from './soak.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1e9)) },
  },
});
const minutes = Number(values.minutes);
const seed = Number(values.seed);
if (!(minutes > 0) || !Number.isInteger(seed)) {
  throw new Error('use --minutes N --seed N with numbers above zero');
}

console.log(`Soak: --minutes ${minutes} --seed ${seed}`);
const tally = await Soak.run({ minutes, seed, onProgress: console.log });
console.log(`\n${tally.format()}\n`);
const { violations } = tally;
console.log(
  violations.length === 0
    ? `Green: every file was right and nothing hung or leaked (--seed ${seed}).`
    : `Red: ${violations.length} violations (--seed ${seed}):\n${violations.join('\n')}`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
