import assert from 'node:assert/strict';
import { deferred } from '../../../../src/base/async.ts';
import { AppError } from '../../../../src/base/errors.ts';
import type { ObjectMeta, ObjectRef } from '../../../../src/oss/model.ts';
import { ObjectFiles } from '../../../../src/vscode/objects/objectFiles.ts';
import { openFailure, tooLargePrompt } from '../../../../src/vscode/objects/openTexts.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import type { ContentRequest } from '../../../../src/download/model.ts';

const object: ObjectRef = { profile: 'p', bucket: 'docs', key: 'a.txt' };
const never = new AbortController().signal;

describe('objects as files in the editor', () => {
  let content: Buffer;
  let etag: string;
  let heads: ObjectRef[];
  let reads: ContentRequest[];
  let nowMs: number;
  let maxBytes: number;
  let answer: (meta: ObjectMeta) => Promise<ObjectMeta>;
  let files: ObjectFiles;

  beforeEach(() => {
    content = Buffer.from('hello');
    etag = '"1"';
    heads = [];
    reads = [];
    nowMs = 0;
    maxBytes = 1000;
    answer = (meta) => Promise.resolve(meta);
    files = new ObjectFiles({
      head: (ref) => {
        heads.push(ref);
        return answer({ ref, sizeBytes: content.length, etag, lastModifiedMs: 7, storageClass: 'Standard' });
      },
      read: (request) => {
        reads.push(request);
        return request.known.etag === etag
          ? Promise.resolve(content.subarray(0, request.firstBytes))
          : Promise.reject(new AppError('object/changed', 'changed'));
      },
      maxBytes: () => maxBytes,
      now: () => nowMs,
    });
  });
  const text = async (firstBytes?: number): Promise<string> =>
    Buffer.from(await files.read({ object, ...(firstBytes === undefined ? {} : { firstBytes }) }, never)).toString();

  it('an object file has the size and date of its object, or the size of its beginning', async () => {
    assert.deepEqual(await files.stat({ object }, never), { sizeBytes: 5, modifiedMs: 7 });
    assert.deepEqual(await files.stat({ object, firstBytes: 2 }, never), { sizeBytes: 2, modifiedMs: 7 });
    assert.deepEqual(await files.stat({ object, firstBytes: 20 }, never), { sizeBytes: 5, modifiedMs: 7 });
  });

  it('an object without a known version is read in the current one', async () => {
    assert.equal(await text(), 'hello');
    assert.deepEqual(reads, [{ object, known: { sizeBytes: 5, etag: '"1"' } }]);
  });

  it('facts and content that are needed at the same moment take one request', async () => {
    await Promise.all([files.stat({ object }, never), text()]);
    assert.equal(heads.length, 1);
    await files.stat({ object }, never);
    assert.equal(heads.length, 2);
  });

  it('a listed object is read without another HEAD, in the region of the listing', async () => {
    const listed = { ...object, region: 'cn-beijing' };
    files.expect({ object: listed }, { sizeBytes: 5, etag: '"1"' });
    await files.stat({ object }, never);
    assert.equal(await text(), 'hello');
    assert.deepEqual(heads, [listed]);
    assert.deepEqual(reads, [{ object: listed, known: { sizeBytes: 5, etag: '"1"' } }]);
  });

  it('an object that has changed since the listing fails once, and is shown in its new version on retry', async () => {
    files.expect({ object }, { sizeBytes: 5, etag: '"0"' });
    await assert.rejects(text(), (error) => error instanceof AppError && error.code === 'object/changed');
    assert.equal(await text(), 'hello');
  });

  it('facts from a listing expire', async () => {
    files.expect({ object }, { sizeBytes: 5, etag: '"0"' });
    nowMs = 31_000;
    assert.equal(await text(), 'hello');
  });

  it('an object above the size limit is never read', async () => {
    maxBytes = 4;
    await assert.rejects(text(), (error) => error instanceof AppError && error.code === 'object/tooLarge');
    assert.deepEqual(reads, []);
    assert.equal(await text(4), 'hell');
    await assert.rejects(text(5), /too many for an editor/);
  });

  it('the beginning of an object never ends with half a character', async () => {
    content = Buffer.from('a文件😀');
    assert.deepEqual(await Promise.all([1, 2, 3, 4, 5, 7, 8, 10, 11].map((bytes) => text(bytes))), [
      'a',
      'a',
      'a',
      'a文',
      'a文',
      'a文件',
      'a文件',
      'a文件',
      'a文件😀',
    ]);
    content = Buffer.from([0x61, 0xff, 0x62, 0x63]);
    assert.equal((await files.read({ object, firstBytes: 3 }, never)).length, 3);
  });

  it('an aborted read returns at once, and the other readers get the content', async () => {
    const gate = deferred<undefined>();
    answer = async (meta) => {
      await gate.promise;
      return meta;
    };
    const controller = new AbortController();
    const reading = files.read({ object }, controller.signal);
    const facts = files.stat({ object }, never);
    controller.abort(new Error('enough'));
    await assert.rejects(reading, /enough/);
    gate.resolve(undefined);
    assert.equal((await facts).sizeBytes, 5);
  });
});

describe('errors of an object that is not shown', () => {
  it('an error names the object by its path, and the host for a network failure', () => {
    const details = { subject: 'https://docs.oss-cn-hangzhou.aliyuncs.com/a.txt' };
    assert.match(
      openFailure({ code: 'auth/accessDenied', details }, object, plainL10n),
      /^Access to oss:\/\/docs\/a\.txt is denied/,
    );
    assert.match(
      openFailure({ code: 'network/unreachable', details }, object, plainL10n),
      /^docs\.oss-cn-hangzhou\.aliyuncs\.com cannot be reached/,
    );
  });

  it('an error of a read does not mention writing files', () => {
    assert.match(openFailure({ code: 'object/corrupt', details: {} }, object, plainL10n), /so it is not shown/);
    assert.match(openFailure({ code: 'object/changed', details: {} }, object, plainL10n), /since it was listed/);
  });

  it('an error about size names both sizes', () => {
    const { message, detail } = tooLargePrompt(object, 3 * 1024 ** 3, 5 * 1024 ** 2, plainL10n);
    assert.equal(message, 'oss://docs/a.txt is too large for an editor.');
    assert.match(detail, /3 GB.*5 MB/);
  });
});
