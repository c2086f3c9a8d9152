import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import {
  bucketNode,
  errorNode,
  moreNode,
  noteNode,
  objectNode,
  pinnedNode,
  prefixNode,
  profileNode,
} from '../../../../src/vscode/treeNodes.ts';
import { contextValue, rowText, tooltipFacts } from '../../../../src/vscode/browse/bucketTexts.ts';
import { bucket, object } from '../support/fakeLister.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';

const context = { l10n: plainL10n, language: 'en', nowMs: Date.UTC(2026, 0, 5) };
const inBucket = { profile: 'p', bucket: 'b-1' };

describe('rows of the Buckets view', () => {
  it('an object row shows its last segment, size and age, and the same for screen readers', () => {
    const row = rowText(objectNode(object('logs/2026/app.log', 1536), 'logs/2026/'), context);
    assert.deepEqual(row, {
      label: 'app.log',
      description: '1.5 KB · 3 days ago',
      spoken: 'app.log, 1.5 KB, modified 3 days ago',
    });
  });

  it('a row shows control characters and text direction marks that hide in a name', () => {
    assert.equal(rowText(objectNode(object('a\u202Egpj.exe\n'), ''), context).label, 'a\\u{202e}gpj.exe\\u{a}');
  });

  it('an empty segment and the folder object itself have a clickable label', () => {
    assert.equal(rowText(prefixNode(inBucket, 'a//', 'a/'), context).label, '/');
    assert.equal(rowText(objectNode(object('a/'), 'a/'), context).label, './');
  });

  it('a pinned folder shows where it is', () => {
    const pinned = (prefix: string): unknown => rowText(pinnedNode({ ...inBucket, prefix }), context);
    assert.deepEqual(pinned('logs/2026/'), {
      label: '2026',
      description: 'b-1/logs',
      spoken: 'Pinned folder 2026 in b-1/logs',
    });
    assert.deepEqual(pinned('logs/'), { label: 'logs', description: 'b-1', spoken: 'Pinned folder logs in b-1' });
    assert.deepEqual(pinned('a\u202Eb//'), {
      label: '/',
      description: 'b-1/a\\u{202e}b',
      spoken: 'Pinned folder / in b-1/a\\u{202e}b',
    });
    assert.equal(rowText(prefixNode(inBucket, 'logs/2026/', 'logs/', 'logs/'), context).description, undefined);
  });

  it('an error row shows the error, and an alternative if listing is forbidden', () => {
    const denied = new AppError('auth/accessDenied', 'x', { details: { subject: 'oss://b-1/' } });
    assert.match(rowText(errorNode(profileNode('p'), denied), context).label, /Add a bucket by its name/);
    assert.match(
      rowText(errorNode(bucketNode(inBucket), denied), context).label,
      /^b-1 may not be listed as a whole\. Add the folder that you may read with Add Bucket by Name/,
    );
    assert.match(rowText(errorNode(prefixNode(inBucket, 'a/', ''), denied), context).label, /oss:\/\/b-1\/ is denied/);
    assert.match(contextValue(errorNode(profileNode('p'), denied)), /remedyAddBucket/);
    assert.match(contextValue(errorNode(bucketNode(inBucket), denied)), /remedyAddBucket/);
    assert.doesNotMatch(contextValue(errorNode(prefixNode(inBucket, 'a/', ''), denied)), /remedyAddBucket/);
  });

  it('an error row offers to edit credentials only if they are the cause', () => {
    const wrong = errorNode(profileNode('p'), new AppError('auth/wrongSecret', 'x'));
    const broken = errorNode(profileNode('p'), new AppError('network/interrupted', 'x'));
    assert.match(contextValue(wrong), /remedyCredentials/);
    assert.doesNotMatch(contextValue(broken), /remedyCredentials/);
    assert.match(contextValue(broken), /remedyRetry/);
  });

  it('a requester-pays error offers no folder', () => {
    const refused = errorNode(
      bucketNode(inBucket),
      new AppError('auth/accessDenied', 'x', { details: { subject: 'oss://b-1/', ec: '0003-00000703' } }),
    );
    assert.match(rowText(refused, context).label, /oss:\/\/b-1\/ is denied/);
    assert.doesNotMatch(contextValue(refused), /remedyAddBucket/);
  });

  it('buckets and folders can be pinned, and unpinned where they are pinned, and no other row', () => {
    for (const node of [
      bucketNode(inBucket),
      prefixNode(inBucket, 'a/', ''),
      pinnedNode({ ...inBucket, prefix: 'a/' }),
    ]) {
      assert.match(contextValue(node, false), /\bpinnable\b/);
      assert.match(contextValue(node, true), /\bpinned\b/);
      assert.doesNotMatch(contextValue(node, true), /\bpinnable\b/);
    }
    for (const node of [profileNode('p'), objectNode(object('a'), ''), moreNode(profileNode('p'))]) {
      assert.doesNotMatch(contextValue(node), /\bpin/);
    }
  });

  it('every kind of row has a name for screen readers', () => {
    const parent = profileNode('p');
    const spoken = [
      parent,
      bucketNode(inBucket, bucket('b-1')),
      moreNode(parent),
      noteNode(parent, 'empty'),
      noteNode(parent, 'addBucket'),
    ].map((node) => rowText(node, context).spoken);
    assert.deepEqual(spoken, ['Profile p', 'Bucket b-1', 'Load more…', 'Empty', 'Add Bucket by Name…']);
  });
});

describe('tooltips of the Buckets view', () => {
  it('the tooltip of an object shows bytes, date, storage class and ETag', () => {
    const tooltip = tooltipFacts(objectNode(object('a/b.bin', 1234567), 'a/'), context);
    assert.equal(tooltip?.title, 'oss://b-1/a/b.bin');
    const facts = new Map(tooltip.facts);
    assert.equal(facts.get('Size'), '1.2 MB (1,234,567 bytes)');
    assert.equal(facts.get('Storage class'), 'Standard');
    assert.equal(facts.get('ETag'), '"e"');
    assert.match(facts.get('Last modified') ?? '', /2026/);
  });

  it('the tooltip of an error shows the facts that support asks for', () => {
    const error = new AppError('auth/accessDenied', 'x', {
      details: { status: 403, ossCode: 'AccessDenied', ec: '0003-1', requestId: 'R1' },
    });
    const tooltip = tooltipFacts(errorNode(bucketNode(inBucket), error), context);
    assert.deepEqual(tooltip?.facts, [['OSS', 'HTTP 403, Code AccessDenied, EC 0003-1, RequestId R1']]);
  });
});
