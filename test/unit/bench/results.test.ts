import assert from 'node:assert/strict';
import { toMarkdown } from '../../bench/markdown.ts';
import { fullPlan } from '../../bench/plan.ts';
import { median, ours, speedOfOurs } from '../../bench/results.ts';
import type { Series, WorkloadResult } from '../../bench/results.ts';
import { parseLog } from '../../bench/servers/requestLog.ts';
import { targetOutcomes } from '../../bench/targets.ts';

const seconds = (contender: string, ...times: readonly number[]): Series => ({
  contender,
  proof: 'length',
  runs: times.map((time) => ({ seconds: time })),
});

function result(...series: readonly Series[]): WorkloadResult {
  return {
    name: 'one-object',
    title: 'One',
    about: 'One object.',
    figures: [{ name: 'seconds', digits: 2 }],
    compared: 'seconds',
    series,
  };
}

describe('benchmark results', () => {
  it('the median is the middle run, or the mean of the two middle ones', () => {
    assert.equal(median([9, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
  });

  it('contenders are compared round by round, so that one slow round does not favour one of them', () => {
    const curl = seconds('curl', 2, 20, 2);
    assert.equal(speedOfOurs(result(seconds(ours, 1, 10, 1), curl), curl), 2);
  });

  it('a failed contender is not compared, and the reason is shown', () => {
    const curl: Series = { ...seconds('curl', 1), failure: 'a wrong file was called good: large.bin' };
    const compared = result(seconds(ours, 1), curl);
    assert.equal(speedOfOurs(compared, curl), undefined);
    const machine = { cpu: 'a', cores: 1, memoryGib: 1, system: 's', node: '24', openssl: '3', loadBefore: 0 };
    const text = toMarkdown({
      startedAt: '',
      machine,
      nginx: '1',
      plan: fullPlan,
      contenders: [],
      absent: [],
      results: [compared],
    });
    assert.match(text, /\| curl \| length \| – \| {2}\|/);
    assert.match(text, /curl has no result: a wrong file was called good: large\.bin/);
  });

  it('every measured target is reported as met or not, and no others', () => {
    const outcomes = targetOutcomes([result(seconds(ours, 1), seconds('curl', 0.8), seconds('easydl', 3))]);
    assert.deepEqual(
      outcomes.map(({ wanted, measured, isMet }) => [wanted, measured, isMet]),
      [
        ['at least 0.9', '0.96', true], // instead of ossutil, which takes 1.2 times the time of curl
        ['at least 0.9', '0.8', false],
        ['at least 2', '3', true],
      ],
    );
  });

  it('the start of a request is computed from its log line, which is written at the end', () => {
    assert.deepEqual(parseLog('1700000001.500 0.500 GET 206 1024\n'), [
      { startedAtMs: 1_700_000_001_000, method: 'GET', status: 206, bodyBytes: 1024 },
    ]);
  });
});
