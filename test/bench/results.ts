import type { Proof } from './contenders/contender.ts';

/** What is measured in each run: a column of the table. */
export interface Figure {
  /** Also its key in a run. */
  readonly name: string;
  readonly digits: number;
}

/** Figures of one run by name; one is missing where it cannot be told. */
export type Run = Readonly<Record<string, number>>;

/** All runs of one contender at one workload. */
export interface Series {
  readonly contender: string;
  /** Undefined: nothing is downloaded. */
  readonly proof?: Proof;
  /** In the order of the rounds. */
  readonly runs: readonly Run[];
  /** Why it has no result: it failed, or called a wrong file good. */
  readonly failure?: string;
}

export interface WorkloadResult {
  readonly name: string;
  readonly title: string;
  /** What was done, in a sentence or two, sizes included. */
  readonly about: string;
  readonly figures: readonly Figure[];
  readonly series: readonly Series[];
  /** The figure, less is better, whose ratio to ours is told round by round. */
  readonly compared?: string;
}

/** The name under which this project takes part. */
export const ours = 'ours';
/** The same in a real VS Code. */
export const oursInVscode = 'ours in VS Code';

/** @returns NaN for no numbers */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Median over the runs that tell it. */
export function medianOf(series: Series, figure: string): number | undefined {
  const values = series.runs.flatMap((run) => run[figure] ?? []);
  return values.length === 0 ? undefined : median(values);
}

/** How many times as fast as this contender ours was: the median of the rounds, each of which has both. */
export function speedOfOurs(result: WorkloadResult, contender: Series): number | undefined {
  const { compared } = result;
  const own = result.series.find((series) => series.contender === ours);
  if (
    compared === undefined ||
    own === undefined ||
    contender === own ||
    contender.failure !== undefined ||
    own.failure !== undefined
  ) {
    return undefined;
  }
  const ratios = own.runs.flatMap((run, round) => {
    const [theirs, mine] = [contender.runs[round]?.[compared], run[compared]];
    return theirs === undefined || mine === undefined ? [] : theirs / mine;
  });
  return ratios.length === 0 ? undefined : median(ratios);
}
