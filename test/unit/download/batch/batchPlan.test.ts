import assert from 'node:assert/strict';
import type { SourceItem } from '../../../../src/download/batch/batchListing.ts';
import { isWorthAsking, lacksSpace, neededBytes, PlanTally } from '../../../../src/download/batch/batchPlan.ts';
import type { BatchPlan, PlanRules } from '../../../../src/download/batch/batchPlan.ts';
import type { ExistingEntry } from '../../../../src/download/files/nameRules.ts';
import type { InvalidNames } from '../../../../src/download/model.ts';

const modifiedMs = Date.UTC(2026, 0, 2);
const item = (name: string, more: Partial<SourceItem> = {}): SourceItem => ({
  key: name,
  names: ['f', ...name.split('/')],
  isFolder: false,
  isArchived: false,
  known: { sizeBytes: 10, etag: '"e"' },
  modifiedMs,
  ...more,
});
/** A symbolic link, or an object without facts from a listing. */
const unsized = (name: string): SourceItem => ({ key: name, names: ['f', name], isFolder: false, isArchived: false });
const file = (more: Partial<ExistingEntry> = {}): ExistingEntry => ({
  kind: 'file',
  sizeBytes: 10,
  modifiedMs,
  name: 'x',
  ...more,
});

function planOf(items: readonly (readonly [SourceItem, ExistingEntry?])[], rule: InvalidNames = 'encode'): BatchPlan {
  const tally = new PlanTally(rule);
  items.forEach(([each, there]) => tally.add(each, there));
  return tally.plan(true, undefined);
}

describe('the plan of a batch', () => {
  it('the plan counts objects and bytes, without folder markers', () => {
    const { objects, bytes, isAll } = planOf([
      [item('a')],
      [item('b')],
      [item('marker', { isFolder: true, known: { sizeBytes: 0, etag: '"e"' } })],
      [unsized('link')],
    ]);
    assert.deepEqual({ objects, bytes, isAll }, { objects: 3, bytes: 20, isAll: true });
  });

  it('the plan counts existing files and those that differ from their object', () => {
    const { existing, existingChanged } = planOf([
      [item('same'), file()],
      [item('longer'), file({ sizeBytes: 11 })],
      [item('older'), file({ modifiedMs: modifiedMs - 5000 })],
      [unsized('unknown'), file()],
      [item('link'), file({ kind: 'other' })],
      [item('a-folder-has-its-name'), file({ kind: 'folder' })],
      [item('absent')],
    ]);
    assert.deepEqual({ existing, existingChanged }, { existing: 5, existingChanged: 3 });
  });

  it('the plan counts names that must change or fail, as the name setting says', () => {
    const names = [
      [item('plain.txt')],
      [item('colon:.txt')],
      [item('aux/inner.txt')],
      [item('literal%2F.txt')],
      [item('marker:', { isFolder: true })],
    ] as const;
    assert.deepEqual(
      (['encode', 'replace', 'fail'] as const).map((rule) => planOf(names, rule).renamed),
      [3, 2, 2],
    );
  });

  it('the plan needs space for readable new files, and for second copies where both are kept', () => {
    const plan = planOf([[item('new')], [item('there'), file()], [item('frozen', { isArchived: true })]]);
    assert.equal(plan.archived, 1);
    assert.deepEqual(
      (['ask', 'overwrite', 'overwriteIfChanged', 'skip', 'rename'] as const).map((conflict) =>
        neededBytes(plan, conflict),
      ),
      [10, 10, 10, 10, 20],
    );
    assert.deepEqual(
      [9, 10].map((freeBytes) => lacksSpace({ ...plan, freeBytes }, 'ask')),
      [true, false],
    );
    assert.equal(lacksSpace(plan, 'ask'), false);
  });
});

describe('confirmation before a batch begins', () => {
  const small: BatchPlan = {
    objects: 999,
    bytes: 10 * 1024 ** 3 - 1,
    isAll: true,
    archived: 0,
    renamed: 0,
    existing: 0,
    existingChanged: 0,
    newBytes: 100,
    existingBytes: 0,
  };
  const rules: PlanRules = { conflict: 'ask', invalidNames: 'encode' };
  const cases: readonly (readonly [string, boolean, Partial<BatchPlan>, Partial<PlanRules>])[] = [
    ['small, and nothing in its way', false, {}, {}],
    ['a thousand objects', true, { objects: 1000 }, {}],
    ['10 GiB', true, { bytes: 10 * 1024 ** 3 }, {}],
    ['a listing that was not seen to its end', true, { isAll: false }, {}],
    ['too little space', true, { freeBytes: 99 }, {}],
    ['just enough space', false, { freeBytes: 100 }, {}],
    ['an archived object', true, { archived: 1 }, {}],
    ['a file that is there, to be asked about', true, { existing: 1 }, {}],
    [
      'a file that is there, about which the settings say what to do',
      false,
      { existing: 1 },
      { conflict: 'overwrite' },
    ],
    ['a name that gets escapes', false, { renamed: 1 }, {}],
    ['a name that is refused', true, { renamed: 1 }, { invalidNames: 'fail' }],
  ];
  for (const [what, expected, plan, more] of cases) {
    it(`${expected ? 'requires' : 'skips'} confirmation for: ${what}`, () =>
      assert.equal(isWorthAsking({ ...small, ...plan }, { ...rules, ...more }), expected));
  }
});
