import { parseArgs } from 'node:util';
import { checkpointLoadMs, downloadHuge, inMebibytes } from './hugeDownload.ts';

const maxGrowthBytes = 64 * 1024 ** 2;

const { values } = parseArgs({
  options: { gib: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
});
const gibibytes = Number(values.gib);
const seed = Number(values.seed);
if (!(gibibytes > 0) || !Number.isInteger(seed)) {
  throw new Error('use --gib N --seed N with numbers above zero');
}

console.log(`Checkpoint with 10,000 parts: loads in ${(await checkpointLoadMs()).toFixed(1)} ms`);
const sizeBytes = Math.floor(gibibytes * 1024 ** 3);
const { seconds, idleBytes, peakBytes, difference } = await downloadHuge(sizeBytes, seed, console.log);
const growthBytes = peakBytes - idleBytes;
console.log(
  [
    `${gibibytes} GiB in ${seconds.toFixed(0)} s: ${(sizeBytes / 1e6 / seconds).toFixed(0)} MB/s`,
    `memory of the process: ${inMebibytes(idleBytes)} MiB idle, at most ${inMebibytes(peakBytes)} ` +
      `MiB: ${inMebibytes(growthBytes)} MiB more (64 allowed)`,
    `file: ${difference ?? 'identical'}`,
  ].join('\n'),
);
process.exitCode = difference === undefined && growthBytes <= maxGrowthBytes ? 0 : 1;
