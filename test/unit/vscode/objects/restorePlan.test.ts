import assert from 'node:assert/strict';
import type { ObjectMeta, RestoreStatus } from '../../../../src/oss/model.ts';
import { dayChoices, durationText, restorePlan, tierChoices } from '../../../../src/vscode/objects/restorePlan.ts';
import { object } from '../support/fakeLister.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';

const meta = (storageClass: string, restore?: RestoreStatus): ObjectMeta => ({
  ...object(storageClass),
  storageClass,
  ...(restore === undefined ? {} : { restore }),
});
const [archive, cold, deep] = [meta('Archive'), meta('ColdArchive'), meta('DeepColdArchive')];

describe('restore plan', () => {
  it('a restore covers only frozen objects', () => {
    const all = [
      meta('Standard'),
      archive,
      cold,
      meta('Archive', { kind: 'restored' }),
      meta('Archive', { kind: 'ongoing' }),
    ];
    const { readable, ongoing, frozen } = restorePlan(all);
    assert.deepEqual([readable, ongoing, frozen], [[all[0], all[3]], [all[4]], [archive, cold]]);
  });

  it('a restore offers no more days than OSS allows', () => {
    assert.deepEqual(
      dayChoices([cold, archive], plainL10n).map(({ days }) => days),
      [1, 3, 7],
    );
    assert.deepEqual(
      dayChoices([cold], plainL10n).map(({ days }) => days),
      [1, 3, 7, 30, 365],
    );
  });

  it('a restore offers a speed only if there is a choice', () => {
    const tiers = (...metas: ObjectMeta[]): unknown => tierChoices(metas, plainL10n).map(({ tier }) => tier);
    assert.deepEqual(
      [tiers(archive), tiers(cold, archive), tiers(cold, deep)],
      [[], ['Standard', 'Expedited', 'Bulk'], ['Standard', 'Expedited']],
    );
  });

  it('a restore names the time that the slowest object takes', () => {
    assert.equal(durationText([archive], 'Standard', plainL10n), 'In about a minute');
    assert.equal(durationText([archive, cold], 'Expedited', plainL10n), 'Within 1 hour');
    assert.equal(durationText([deep], 'Standard', plainL10n), 'Within 48 hours');
  });
});
