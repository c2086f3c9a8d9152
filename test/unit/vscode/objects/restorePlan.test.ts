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

describe('the plan of a restore', () => {
  it('touches only what is frozen', () => {
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

  it('offers no more days than OSS allows', () => {
    assert.deepEqual(
      dayChoices([cold, archive], plainL10n).map(({ days }) => days),
      [1, 3, 7],
    );
    assert.deepEqual(
      dayChoices([cold], plainL10n).map(({ days }) => days),
      [1, 3, 7, 30, 365],
    );
  });

  it('offers a speed only where there is one to choose', () => {
    const tiers = (...metas: ObjectMeta[]): unknown => tierChoices(metas, plainL10n).map(({ tier }) => tier);
    assert.deepEqual(
      [tiers(archive), tiers(cold, archive), tiers(cold, deep)],
      [[], ['Standard', 'Expedited', 'Bulk'], ['Standard', 'Expedited']],
    );
  });

  it('says how long the slowest takes', () => {
    assert.equal(durationText([archive], 'Standard', plainL10n), 'In about a minute');
    assert.equal(durationText([archive, cold], 'Expedited', plainL10n), 'Within 1 hour');
    assert.equal(durationText([deep], 'Standard', plainL10n), 'Within 48 hours');
  });
});
