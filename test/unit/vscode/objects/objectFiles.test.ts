import assert from 'node:assert/strict';
import { deferred } from '../../../../src/base/async.ts';
import { AppError } from '../../../../src/base/errors.ts';
import type { ObjectMeta, ObjectRef } from '../../../../src/oss/model.ts';
import { ObjectFiles } from '../../../../src/vscode/objects/objectFiles.ts';
import { openFailure, tooLargeQuestion } from '../../../../src/vscode/objects/openTexts.ts';
import { plainL10n } from '../../../../src/vscode/ui/localizer.ts';
import type { ContentRequest } from '../../../../src/download/model.ts';

const object: ObjectRef = { profile: 'p', bucket: 'docs', key: 'a.txt' };
const never = new AbortController().signal;

describe('objects as files of the editor', () => {
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

  it('have the size and the time of the object, or the size of its beginning', async () => {
    assert.deepEqual(await files.stat({ object }, never), { sizeBytes: 5, modifiedMs: 7 });
    assert.deepEqual(await files.stat({ object, firstBytes: 2 }, never), { sizeBytes: 2, modifiedMs: 7 });
    assert.deepEqual(await files.stat({ object, firstBytes: 20 }, never), { sizeBytes: 5, modifiedMs: 7 });
  });

  it('are read in the version that is there, where nobody has seen another one', async () => {
    assert.equal(await text(), 'hello');
    assert.deepEqual(reads, [{ object, known: { sizeBytes: 5, etag: '"1"' } }]);
  });

  it('are asked for once by who wants the facts and the content at the same moment', async () => {
    await Promise.all([files.stat({ object }, never), text()]);
    assert.equal(heads.length, 1);
    await files.stat({ object }, never);
    assert.equal(heads.length, 2);
  });

  it('are read as they were listed, without asking again, and with the region that the listing told', async () => {
    const listed = { ...object, region: 'cn-beijing' };
    files.expect({ object: listed }, { sizeBytes: 5, etag: '"1"' });
    await files.stat({ object }, never);
    assert.equal(await text(), 'hello');
    assert.deepEqual(heads, [listed]);
    assert.deepEqual(reads, [{ object: listed, known: { sizeBytes: 5, etag: '"1"' } }]);
  });

  it(
    'fail once when they have changed since they were listed, and are shown as they are when that is ' + 'tried again',
    async () => {
      files.expect({ object }, { sizeBytes: 5, etag: '"0"' });
      await assert.rejects(text(), (error) => error instanceof AppError && error.code === 'object/changed');
      assert.equal(await text(), 'hello');
    },
  );

  it('forget what was listed after a while', async () => {
    files.expect({ object }, { sizeBytes: 5, etag: '"0"' });
    nowMs = 31_000;
    assert.equal(await text(), 'hello');
  });

  it('are not read where they are larger than what may be opened, whoever asks', async () => {
    maxBytes = 4;
    await assert.rejects(text(), (error) => error instanceof AppError && error.code === 'object/tooLarge');
    assert.deepEqual(reads, []);
    assert.equal(await text(4), 'hell');
    await assert.rejects(text(5), /too many for an editor/);
  });

  it('show no half of a character at the end of a beginning', async () => {
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

  it('do not hold who has given up, and leave the others their answer', async () => {
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

describe('what is said of an object that is not shown', () => {
  it('names the object by its path, not by its URL, and the host where the network is the cause', () => {
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

  it('does not speak of files where nothing was to be written', () => {
    assert.match(openFailure({ code: 'object/corrupt', details: {} }, object, plainL10n), /so it is not shown/);
    assert.match(openFailure({ code: 'object/changed', details: {} }, object, plainL10n), /since it was listed/);
  });

  it('names both sizes where it is too large', () => {
    const { message, detail } = tooLargeQuestion(object, 3 * 1024 ** 3, 5 * 1024 ** 2, plainL10n);
    assert.equal(message, 'oss://docs/a.txt is too large for an editor.');
    assert.match(detail, /3 GB.*5 MB/);
  });
});
