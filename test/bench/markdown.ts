import type { BenchReport } from './report.ts';
import { targetOutcomes } from './targets.ts';
import type { TargetOutcome } from './targets.ts';
import { medianOf, speedOfOurs } from './results.ts';
import type { Series, WorkloadResult } from './results.ts';

/** The whole report as Markdown. */
export function toMarkdown(report: BenchReport): string {
  const { machine, contenders, absent, plan } = report;
  const installed = contenders.map(({ name, version }) => `${name} ${version}`).join(', ');
  const size = plan.isQuick
    ? `Quick run: objects so small that starting counts more than ` +
      `speed, ${plan.rounds === 1 ? 'one round' : `${plan.rounds} rounds`}: it shows that everything works, and ` +
      `where to look.`
    : `Medians of ${plan.rounds} rounds; in each round every contender runs once, in another order. Programs are ` +
      `timed from start to end, libraries and ours from the call to the result.`;
  return [
    `Machine: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGib.toFixed(0)} GiB; ${machine.system}; ` +
      `load ${machine.loadBefore.toFixed(1)} when it began.`,
    `Versions: Node ${machine.node}, OpenSSL ${machine.openssl}, nginx ${report.nginx}; ${installed}. ` +
      `Absent: ${absent.length === 0 ? 'nobody' : absent.join(', ')}.`,
    size,
    '',
    ...report.results.flatMap((result) => [...section(result), '']),
    ...targetSection(targetOutcomes(report.results), plan.isQuick),
  ].join('\n');
}

function targetSection(outcomes: readonly TargetOutcome[], isQuick: boolean): readonly string[] {
  if (outcomes.length === 0) {
    return [];
  }
  return [
    '### Targets',
    '',
    ...(isQuick ? ['They are meant for a full run; what a quick one says of them is a hint.', ''] : []),
    '| | wanted | measured | |',
    '| --- | ---: | ---: | --- |',
    ...outcomes.map(
      ({ what, wanted, measured, isMet }) => `| ${what} | ${wanted} | ${measured} | ${isMet ? 'met' : 'missed'} |`,
    ),
    '',
  ];
}

function section(result: WorkloadResult): readonly string[] {
  const { figures, compared } = result;
  const hasProof = result.series.some(({ proof }) => proof !== undefined);
  const head = [
    '',
    ...(hasProof ? ['verifies'] : []),
    ...figures.map(({ name }) => name),
    ...(compared === undefined ? [] : ['ours is']),
  ];
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const cellsOf = (series: Series): readonly string[] => {
    const ratio = speedOfOurs(result, series);
    return [
      series.contender,
      ...(hasProof ? [series.proof ?? ''] : []),
      ...figures.map(({ name, digits }) =>
        series.failure === undefined ? (medianOf(series, name)?.toFixed(digits) ?? '–') : '–',
      ),
      ...(compared === undefined ? [] : [ratio === undefined ? '' : `${ratio.toFixed(2)} × as fast`]),
    ];
  };
  const failures = result.series.flatMap(({ contender, failure }) =>
    failure === undefined ? [] : [`- ${contender} has no result: ${failure.split('\n')[0] ?? ''}`],
  );
  return [
    `### ${result.title}`,
    '',
    result.about,
    '',
    line(head),
    line(head.map((_, column) => (column === 0 || (hasProof && column === 1) ? '---' : '---:'))),
    ...result.series.map((series) => line(cellsOf(series))),
    ...(failures.length === 0 ? [] : ['', ...failures]),
  ];
}
