import assert from 'node:assert/strict';
import path from 'node:path';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { systemClock } from '../../../../src/base/clock.ts';
import { AppError } from '../../../../src/base/errors.ts';
import type { BatchRequest } from '../../../../src/download/batchModel.ts';
import { surveyBatch } from '../../../../src/download/batch/batchSurvey.ts';
import type { BatchPrompt } from '../../../../src/vscode/start/batchPrompt.ts';
import { useTempFolder } from '../../../support/useTempFolder.ts';
import { FakeLister, object } from '../support/fakeLister.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import { confirmBatch } from '../../../../src/vscode/start/batchPrompt.ts';

describe('confirmation of a batch', () => {
  const folder = useTempFolder();
  let lister: FakeLister;
  let asked: BatchPrompt[];

  const request = (): BatchRequest => ({
    sources: [{ kind: 'prefix', bucket: { profile: 'p', bucket: 'b-1' }, prefix: 'f/', into: ['f'] }],
    folder: folder(),
    label: 'oss://b-1/f/',
    conflict: 'ask',
    invalidNames: 'encode',
    preserveModified: true,
  });
  /** @param press label of the button that is pressed; undefined: Cancel */
  const agree = (press?: string): Promise<BatchRequest | undefined> =>
    confirmBatch(
      request(),
      {
        survey: (batch) => surveyBatch(batch, { lister, clock: systemClock }, new AbortController().signal),
        ask: (question) => {
          asked.push(question);
          return Promise.resolve(question.choices.find(({ label }) => label === press));
        },
      },
      plainL10n,
    );

  beforeEach(() => {
    lister = new FakeLister();
    asked = [];
  });

  it('a small batch without conflicts begins without a question', async () => {
    lister.objects.push({ items: [object('f/a'), object('f/b')] });
    assert.deepEqual(await agree(), request());
    assert.deepEqual([asked, lister.asked, readdirSync(folder())], [[], ['all of b-1/f/'], []]);
  });

  it('a thousand objects are downloaded after a confirmation, and not after a cancel', async () => {
    const items = Array.from({ length: 1000 }, (_, number) => object(`f/${number}`));
    lister.objects.push({ items }, { items });
    assert.deepEqual(await agree('Download'), request());
    assert.equal(await agree(), undefined);
    assert.deepEqual(
      asked.map(({ message }) => message),
      Array.from({ length: 2 }, () => `Download 1,000 objects (9.8 KB) to ${path.basename(folder())}?`),
    );
  });

  it('one answer covers all existing files, in place of the setting', async () => {
    mkdirSync(path.join(folder(), 'f'));
    writeFileSync(path.join(folder(), 'f', 'a'), 'mine');
    lister.objects.push({ items: [object('f/a'), object('f/b')] });
    assert.deepEqual(await agree('Replace Changed'), { ...request(), conflict: 'overwriteIfChanged' });
    assert.equal(asked[0]?.detail, 'Files already there: 1; not the same as in OSS: 1.');
  });

  it('archived objects are skipped or tried, as the user decides', async () => {
    const items = [object('f/a'), { ...object('f/b'), storageClass: 'DeepColdArchive' }];
    lister.objects.push({ items }, { items });
    assert.deepEqual(await agree('Download the Rest'), { ...request(), leaveOutArchived: true });
    assert.deepEqual(await agree('Include Archived'), request());
  });

  it('a failed listing is the error of the batch, and no question appears', async () => {
    lister.objects.push(new AppError('bucket/notFound', 'no'));
    await assert.rejects(agree('Download'), { code: 'bucket/notFound' });
    assert.deepEqual(asked, []);
  });

  it('a cancelled survey begins no batch', async () => {
    const agreed = await confirmBatch(
      request(),
      { survey: () => Promise.resolve(undefined), ask: () => Promise.reject(new Error('asked')) },
      plainL10n,
    );
    assert.equal(agreed, undefined);
  });
});
