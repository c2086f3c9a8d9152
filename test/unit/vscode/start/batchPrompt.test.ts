import assert from 'node:assert/strict';
import path from 'node:path';
import type { ConflictPolicy } from '../../../../src/download/batchModel.ts';
import type { BatchPlan } from '../../../../src/download/batch/batchPlan.ts';
import { batchPrompt } from '../../../../src/vscode/start/batchPrompt.ts';
import type { BatchPrompt } from '../../../../src/vscode/start/batchPrompt.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import type { InvalidNames } from '../../../../src/download/model.ts';

const gib = 1024 ** 3;
const big: BatchPlan = {
  objects: 2500,
  bytes: 12.3 * gib,
  isAll: true,
  archived: 0,
  renamed: 0,
  existing: 0,
  existingChanged: 0,
  newBytes: 12.3 * gib,
  existingBytes: 0,
  freeBytes: 100 * gib,
};
const folder = path.resolve('/home/me/downloads');

function question(
  plan: Partial<BatchPlan> = {},
  conflict: ConflictPolicy = 'ask',
  invalidNames: InvalidNames = 'encode',
): BatchPrompt {
  return batchPrompt({ ...big, ...plan }, { folder, conflict, invalidNames }, plainL10n);
}
const buttons = (asked: BatchPrompt): readonly string[] =>
  asked.choices.map(
    ({ label, conflict, leaveOutArchived }) => `${label}: ${conflict}${leaveOutArchived ? ', without archived' : ''}`,
  );

describe('question before a large batch', () => {
  it('the question names size and destination, and nothing irrelevant', () => {
    const { message, detail, isWarning } = question();
    assert.deepEqual([message, detail, isWarning], ['Download 2,500 objects (12.3 GB) to downloads?', '', false]);
    assert.equal(question({ objects: 1 }).message, 'Download 1 object (12.3 GB) to downloads?');
  });

  it('the question states only known facts', () => {
    const { message, detail } = question({ objects: 5000, isAll: false });
    assert.deepEqual(
      [message, detail],
      ['Download more than 5,000 objects (12.3 GB so far) to downloads?', 'Free space: 100 GB.'],
    );
    assert.equal(
      question({ objects: 5000, isAll: false, renamed: 3 }).detail,
      'Free space: 100 GB.\nAmong the first 5,000:\nNames that some system cannot hold: 3. Their files are named ' +
        'with %XX.',
    );
    assert.equal(
      question({ isAll: false, freeBytes: gib }).detail,
      'Not enough space: 12.3 GB needed so far, 1 GB free.',
    );
  });

  it('a folder without a name is shown by its path', () => {
    const root = path.parse(folder).root;
    assert.equal(
      batchPrompt(big, { folder: root, conflict: 'ask', invalidNames: 'encode' }, plainL10n).message,
      `Download 2,500 objects (12.3 GB) to ${root}?`,
    );
  });

  it('the question has a line for each relevant fact, and warns of too little space', () => {
    const { detail, isWarning } = question({
      freeBytes: gib,
      existing: 1200,
      existingChanged: 7,
      renamed: 3,
      archived: 2,
    });
    assert.deepEqual(detail.split('\n'), [
      'Not enough space: 12.3 GB needed, 1 GB free.',
      'Files already there: 1,200; not the same as in OSS: 7.',
      'Names that some system cannot hold: 3. Their files are named with %XX.',
      'Archived objects: 2. They can be read only after a restore, and are left out unless you include them.',
    ]);
    assert.equal(isWarning, true);
  });

  const policies: readonly (readonly [ConflictPolicy, string])[] = [
    ['overwriteIfChanged', 'Files already there: 5; not the same as in OSS, and replaced as the settings say: 2.'],
    ['overwrite', 'Files already there: 5. They are replaced, as the settings say.'],
    ['skip', 'Files already there: 5. They are kept and their objects skipped, as the settings say.'],
    ['rename', 'Files already there: 5. They are kept and the new ones numbered, as the settings say.'],
  ];
  for (const [policy, line] of policies) {
    it(`the question says what the setting ${policy} does to existing files, without further choice`, () => {
      const asked = question({ existing: 5, existingChanged: 2 }, policy);
      assert.deepEqual([asked.detail, buttons(asked)], [line, [`Download: ${policy}`]]);
    });
  }

  const rules: readonly (readonly [InvalidNames, string, boolean])[] = [
    ['encode', 'Names that some system cannot hold: 3. Their files are named with %XX.', false],
    ['replace', 'Names that some system cannot hold: 3. Their files are named with _.', false],
    ['fail', 'Names that some system cannot hold: 3. These objects fail, as the settings say.', true],
  ];
  for (const [rule, line, isWarning] of rules) {
    it(`the question says what the setting ${rule} does to invalid names`, () => {
      const asked = question({ renamed: 3 }, 'ask', rule);
      assert.deepEqual([asked.detail, asked.isWarning], [line, isWarning]);
    });
  }

  it('the question offers one answer for all existing files, or one by one', () => {
    assert.deepEqual(buttons(question()), ['Download: ask']);
    assert.deepEqual(buttons(question({ existing: 5 })), [
      'Replace Changed: overwriteIfChanged',
      'Skip Existing: skip',
      'Ask for Each: ask',
    ]);
  });

  it('the question offers to skip archived objects, and has at most three buttons', () => {
    assert.deepEqual(buttons(question({ archived: 2 })), [
      'Download the Rest: ask, without archived',
      'Include Archived: ask',
    ]);
    assert.deepEqual(buttons(question({ archived: 2, existing: 5 }, 'skip')), [
      'Download the Rest: skip, without archived',
      'Include Archived: skip',
    ]);
    assert.deepEqual(buttons(question({ archived: 2, existing: 5 })), [
      'Replace Changed: overwriteIfChanged, without archived',
      'Ask for Each: ask, without archived',
      'Include Archived: ask',
    ]);
  });

  it('the question offers no rest if all objects are archived, unless more may follow', () => {
    const all = question({ archived: 2500 });
    assert.deepEqual(
      [all.detail, buttons(all)],
      ['All of these objects are archived. They can be read only after a restore.', ['Download: ask']],
    );
    assert.deepEqual(buttons(question({ archived: 2500, existing: 5 })), [
      'Replace Changed: overwriteIfChanged',
      'Skip Existing: skip',
      'Ask for Each: ask',
    ]);
    assert.deepEqual(buttons(question({ archived: 2500, isAll: false })), [
      'Download the Rest: ask, without archived',
      'Include Archived: ask',
    ]);
  });
});
