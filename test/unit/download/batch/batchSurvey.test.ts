import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { reasonOf } from '../../../../src/base/abort.ts';
import type { Clock } from '../../../../src/base/clock.ts';
import { AppError } from '../../../../src/base/errors.ts';
import type { BatchRequest, BatchSource } from '../../../../src/download/batchModel.ts';
import type { BatchPlan } from '../../../../src/download/batch/batchPlan.ts';
import { surveyBatch } from '../../../../src/download/batch/batchSurvey.ts';
import { freeBytesAt } from '../../../../src/download/files/freeSpace.ts';
import type { BucketRef, ListedObject } from '../../../../src/oss/model.ts';
import type { ListPosition, Page } from '../../../../src/oss/objectLister.ts';
import { useTempFolder } from '../../../support/useTempFolder.ts';

const bucket: BucketRef = { profile: 'p', bucket: 'b-1' };
const modifiedMs = Date.UTC(2026, 0, 2);
const never = new AbortController().signal;

/** Listed pages by prefix, each with its own duration; only a page advances `clock`. */
class SlowLister {
  readonly asked: string[] = [];
  readonly pages: Record<string, readonly (readonly Partial<ListedObject & { readonly key: string }>[])[]> = {};
  onPage: (asked: number, signal: AbortSignal) => void | Promise<void> = () => undefined;
  nowMs = 0;
  /** Ends the waits of the clock. */
  passTime: () => void = () => undefined;
  readonly clock: Clock = {
    wallMs: () => this.nowMs,
    steadyMs: () => this.nowMs,
    delay: (_ms, signal) =>
      new Promise((resolve, reject) => {
        this.passTime = resolve;
        signal.addEventListener('abort', () => reject(reasonOf(signal)));
      }),
  };

  async listObjects(
    _bucket: BucketRef,
    prefix: string,
    from: ListPosition | undefined,
    signal: AbortSignal,
  ): Promise<Page<ListedObject>> {
    const index = from?.kind === 'token' ? Number(from.token) : 0;
    this.asked.push(`${prefix} ${index}`);
    await this.onPage(this.asked.length, signal);
    const pages = this.pages[prefix] ?? [];
    const items = (pages[index] ?? []).map(({ key = 'k', ...more }): ListedObject => ({
      ref: { ...bucket, key: `${prefix}${key}` },
      sizeBytes: 10,
      etag: '"e"',
      lastModifiedMs: modifiedMs,
      storageClass: 'Standard',
      ...more,
    }));
    return index + 1 < pages.length ? { items, next: String(index + 1) } : { items };
  }
}

describe('survey of a batch before it begins', () => {
  const home = useTempFolder();
  let lister: SlowLister;

  const source = (prefix: string, ...into: readonly string[]): BatchSource => ({
    kind: 'prefix',
    bucket,
    prefix,
    into,
  });
  const request = (more: Partial<BatchRequest> = {}): BatchRequest => ({
    sources: [source('f/', 'f')],
    folder: join(home(), 'out', 'deep'),
    label: 'oss://b-1/f/',
    conflict: 'ask',
    invalidNames: 'encode',
    preserveModified: false,
    ...more,
  });
  const survey = (more: Partial<BatchRequest> = {}, signal = never): Promise<BatchPlan> =>
    surveyBatch(request(more), { lister, clock: lister.clock }, signal);
  const page = (count: number): readonly { readonly key: string }[] =>
    Array.from({ length: count }, (_, number) => ({ key: `${number}` }));
  /** Hangs until it is aborted. */
  const hang = (signal: AbortSignal): Promise<never> =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(reasonOf(signal))));

  beforeEach(() => {
    lister = new SlowLister();
  });

  it('the survey counts over all pages and sources, and creates no folder', async () => {
    lister.pages['f/'] = [
      [{ key: 'a' }, { key: 'b:' }, { key: 'sub/', sizeBytes: 0 }],
      [{ key: 'c', storageClass: 'ColdArchive' }],
    ];
    lister.pages['g/'] = [
      [
        { key: 'd', storageClass: 'Archive', restore: { kind: 'ongoing' } },
        { key: 'e', storageClass: 'Archive', restore: { kind: 'restored' } },
      ],
    ];
    const single: BatchSource = {
      kind: 'object',
      ref: { ...bucket, key: 'o' },
      known: { sizeBytes: 5, etag: '"e"' },
      isArchived: true,
      into: ['o'],
    };
    const { objects, bytes, isAll, archived, renamed, existing, newBytes, freeBytes } = await survey({
      sources: [source('f/', 'f'), source('g/', 'g'), single],
    });
    assert.deepEqual(
      { objects, bytes, isAll, archived, renamed, existing, newBytes },
      { objects: 6, bytes: 55, isAll: true, archived: 3, renamed: 1, existing: 0, newBytes: 30 },
    );
    assert.ok(freeBytes !== undefined && freeBytes > 0);
    assert.deepEqual(lister.asked, ['f/ 0', 'f/ 1', 'g/ 0']);
    assert.deepEqual(readdirSync(home()), []);
  });

  it('the survey finds existing files under the local names that the batch would use', async () => {
    const inOut = (...names: readonly string[]): string => join(home(), 'out', 'deep', 'f', ...names);
    mkdirSync(inOut('sub'), { recursive: true });
    mkdirSync(inOut('folder'));
    writeFileSync(inOut('a'), '0123456789');
    writeFileSync(inOut('b%3A'), 'another');
    writeFileSync(inOut('sub', 'c'), '0123456789');
    writeFileSync(inOut('file'), 'where a folder is wanted');
    symlinkSync(inOut('sub'), inOut('linked'));
    lister.pages['f/'] = [
      [
        { key: 'a' },
        { key: 'b:' },
        { key: 'sub/c' },
        { key: 'sub/d' },
        { key: 'folder' },
        { key: 'file/e' },
        { key: 'linked/c' },
        { key: 'none/x' },
      ],
    ];
    const { existing, existingChanged, newBytes, existingBytes } = await survey();
    assert.deepEqual(
      { existing, existingChanged, newBytes, existingBytes },
      { existing: 4, existingChanged: 1, newBytes: 40, existingBytes: 40 },
    );
  });

  it('the survey ends after 5,000 objects only if more follow', async () => {
    lister.pages['f/'] = Array.from({ length: 6 }, () => page(1000));
    const first = await survey();
    assert.deepEqual([first.objects, first.isAll, lister.asked.length], [5000, false, 5]);
    lister.pages['f/'] = Array.from({ length: 5 }, () => page(1000));
    assert.equal((await survey()).isAll, true);
  });

  it('the survey allows enough time for many small folders', async () => {
    const sources = Array.from({ length: 20 }, (_, number) => source(`${number}/`, `${number}`));
    sources.forEach((_, number) => (lister.pages[`${number}/`] = [page(3)]));
    const { objects, isAll } = await survey({ sources });
    assert.deepEqual([objects, isAll], [60, true]);
  });

  it('the survey waits for the first page without a limit, for later pages at most three seconds', async () => {
    lister.pages['f/'] = [page(2), page(2), page(2)];
    lister.onPage = (asked) => {
      lister.nowMs += asked === 1 ? 2999 : 1;
    };
    const { objects, isAll } = await survey();
    assert.deepEqual([objects, isAll, lister.asked.length], [4, false, 2]);
  });

  it('the survey aborts a page that is still loading when its time is over', async () => {
    lister.pages['f/'] = [page(2), page(2)];
    lister.onPage = (asked, signal) => {
      if (asked === 2) {
        setImmediate(() => lister.passTime());
        return hang(signal);
      }
      return undefined;
    };
    const { objects, isAll } = await survey();
    assert.deepEqual([objects, isAll], [2, false]);
  });

  it('the survey ends at once when it is cancelled', async () => {
    lister.pages['f/'] = [page(2), page(2)];
    const cancel = new AbortController();
    lister.onPage = (asked, signal) => {
      setImmediate(() => cancel.abort());
      return asked === 2 ? hang(signal) : undefined;
    };
    await assert.rejects(survey({}, cancel.signal), { name: 'AbortError' });
  });

  it('the survey fails with the error of the listing', async () => {
    lister.onPage = () => Promise.reject(new AppError('auth/accessDenied', 'no'));
    await assert.rejects(survey(), { code: 'auth/accessDenied' });
  });

  it('the survey reports the free space of the nearest existing folder', async () => {
    assert.equal(existsSync(join(home(), 'a')), false);
    assert.ok(((await freeBytesAt(join(home(), 'a', 'b'))) ?? 0) > 0);
    writeFileSync(join(home(), 'file'), '');
    assert.equal(await freeBytesAt(join(home(), 'file', 'below')), undefined);
  });
});
