import { medianOf, ours, oursInVscode, speedOfOurs } from './results.ts';
import type { Series, WorkloadResult } from './results.ts';

/** What this project wants of itself. */
interface Target {
  readonly what: string;
  readonly wanted: number;
  /** Which side of it is good. */
  readonly bound: 'at least' | 'at most';
  readonly unit: string;
  /** @returns undefined where that was not measured */
  readonly measure: (report: ResultsByName) => number | undefined;
}

export interface TargetOutcome {
  readonly what: string;
  readonly wanted: string;
  readonly measured: string;
  readonly isMet: boolean;
}

type ResultsByName = ReadonlyMap<string, WorkloadResult>;

/** How many times the time of curl ossutil took on the same object, where both could be measured. */
const ossutilPerCurl = 1.2;

const targets: readonly Target[] = [
  {
    ...ratio('one-object', 'ossutil', 0.9),
    what: 'one large object, beside ossutil (where it is absent: 1.2 times the time of curl)',
    measure: besideOssutil,
  },
  ratio('one-object', 'curl', 0.9),
  ratio('one-object', 'aria2c -x4', 0.9),
  ratio('one-object', 'ali-oss get', 2),
  ratio('one-object', 'ipull', 2),
  ratio('one-object', 'easydl', 2),
  ratio('limited-connections', 'aria2c -x4', 3),
  {
    ...ratio('limited-connections', 'curl x16', 0.95),
    what: 'limit on each connection: beside what 16 connections carry',
  },
  ratio('small-objects', 'rclone', 1),
  ratio('small-objects', 'node keep-alive', 1),
  figure('host-load', 'p99 of the event-loop delay, busy minus idle', 'more ms', 5, 'ms'),
  figure('host-load', 'memory above idle', 'more MiB', 64, 'MiB'),
  figure('many-parts-resume', 'first new byte with 10,000 parts', 'first new byte ms', 200, 'ms'),
  figure('extension-host', 'p99 of the event-loop delay in VS Code, busy minus idle', 'more ms', 5, 'ms', oursInVscode),
  figure('extension-host', 'activation', 'activation ms', 15, 'ms', oursInVscode),
  size('entry bundle', 'dist/extension.cjs', 100),
  size('.vsix', '.vsix', 1000),
];

/** Those that the measured workloads can tell. */
export function targetOutcomes(results: readonly WorkloadResult[]): readonly TargetOutcome[] {
  const byName: ResultsByName = new Map(results.map((result) => [result.name, result]));
  return targets.flatMap(({ what, wanted, bound, unit, measure }) => {
    const measured = measure(byName);
    if (measured === undefined) {
      return [];
    }
    const text = (value: number): string => `${Number(value.toFixed(value < 10 ? 2 : 0))} ${unit}`.trim();
    return [
      {
        what,
        wanted: `${bound} ${text(wanted)}`,
        measured: text(measured),
        isMet: bound === 'at least' ? measured >= wanted : measured <= wanted,
      },
    ];
  });
}

function ratio(workload: string, contender: string, wanted: number): Target {
  return {
    what: `${workload}: speed beside ${contender}`,
    wanted,
    bound: 'at least',
    unit: '',
    measure: (results) => speedBeside(results, workload, contender),
  };
}

function figure(workload: string, what: string, name: string, wanted: number, unit: string, row = ours): Target {
  return { what, wanted, bound: 'at most', unit, measure: (results) => figureOf(results, workload, name, row) };
}

function size(what: string, row: string, wanted: number): Target {
  return {
    what,
    wanted,
    bound: 'at most',
    unit: 'kB',
    measure: (results) => {
      const series = seriesOf(results, 'sizes', row);
      return series === undefined ? undefined : medianOf(series, 'kB');
    },
  };
}

function besideOssutil(results: ResultsByName): number | undefined {
  const besideCurl = speedBeside(results, 'one-object', 'curl');
  return (
    speedBeside(results, 'one-object', 'ossutil') ??
    (besideCurl === undefined ? undefined : besideCurl * ossutilPerCurl)
  );
}

function speedBeside(results: ResultsByName, workload: string, contender: string): number | undefined {
  const result = results.get(workload);
  const series = seriesOf(results, workload, contender);
  return result === undefined || series === undefined ? undefined : speedOfOurs(result, series);
}

function figureOf(results: ResultsByName, workload: string, name: string, row: string): number | undefined {
  const series = seriesOf(results, workload, row);
  return series === undefined || series.failure !== undefined ? undefined : medianOf(series, name);
}

function seriesOf(results: ResultsByName, workload: string, contender: string): Series | undefined {
  return results.get(workload)?.series.find((series) => series.contender === contender);
}
