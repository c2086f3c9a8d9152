import type { Contender } from './contenders/contender.ts';
import type { Run, Series } from './results.ts';

/**
 * Runs every contender once a round, each round in another order, so that what the machine does meanwhile meets all
 * alike. Who fails is out, with the reason.
 */
export async function pairedRuns<C extends Pick<Contender, 'name' | 'proof'>>(
  contenders: readonly C[],
  rounds: number,
  runOnce: (contender: C) => Promise<Run>,
): Promise<readonly Series[]> {
  const runs = new Map<C, Run[]>(contenders.map((contender) => [contender, []]));
  const failures = new Map<C, string>();
  for (let round = 0; round < rounds; round++) {
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      if (failures.has(contender)) {
        continue;
      }
      try {
        runs.get(contender)?.push(await runOnce(contender));
        process.stdout.write('.');
      } catch (error) {
        failures.set(contender, error instanceof Error ? error.message : String(error));
        process.stdout.write('x');
      }
    }
  }
  process.stdout.write('\n');
  return contenders.map((contender) => {
    const failure = failures.get(contender);
    return {
      contender: contender.name,
      proof: contender.proof,
      runs: runs.get(contender) ?? [],
      ...(failure === undefined ? {} : { failure }),
    };
  });
}
