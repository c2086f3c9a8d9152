import assert from 'node:assert/strict';
import path from 'node:path';
import { AppError } from '../../../../src/base/errors.ts';
import type { ExistingFileAction } from '../../../../src/download/files/existingFile.ts';
import { queueDownloads } from '../../../../src/vscode/start/queueDownloads.ts';
import type { WriteRules } from '../../../../src/vscode/start/queueDownloads.ts';
import { FakeService } from '../support/fakeService.ts';

const rules: WriteRules = { invalidNames: 'encode', preserveModified: true };
const folder = path.resolve('/dest');
const target = (key: string) => ({ ref: { profile: 'p', bucket: 'b-1', key }, known: { sizeBytes: 1, etag: '"e"' } });

async function queue(service: FakeService, keys: readonly string[], answers: readonly ExistingFileAction[]) {
  const asked: string[] = [];
  let added: readonly string[] = [];
  const remaining = [...answers];
  await queueDownloads(
    service,
    keys.map(target),
    { kind: 'folder', folder },
    rules,
    (file) => {
      asked.push(path.basename(file));
      return Promise.resolve(remaining.shift()!);
    },
    (all) => {
      added = all;
    },
  );
  return { asked, added, names: service.added.map((request) => path.basename(request.path)) };
}

describe('queueDownloads', () => {
  it('every object of a selection is queued, without a question if no file exists', async () => {
    const { asked, names, added } = await queue(new FakeService(), ['a/x', 'a/y'], []);
    assert.deepEqual([asked, names, added], [[], ['x', 'y'], ['1', '2']]);
  });

  it('an existing file is replaced only on request', async () => {
    const service = new FakeService([path.join(folder, 'x')]);
    const { asked } = await queue(service, ['x', 'y'], ['overwrite']);
    assert.deepEqual(asked, ['x']);
    assert.deepEqual(
      service.added.map(({ overwrite }) => overwrite),
      [true, false],
    );
  });

  it('a second copy gets the first free number', async () => {
    const service = new FakeService([path.join(folder, 'x.txt'), path.join(folder, 'x (1).txt')]);
    assert.deepEqual((await queue(service, ['x.txt'], ['rename'])).names, ['x (2).txt']);
    assert.equal(service.added[0]?.overwrite, false);
  });

  it('a skipped object is left out and the others are queued', async () => {
    const { names } = await queue(new FakeService([path.join(folder, 'x')]), ['x', 'y'], ['skip']);
    assert.deepEqual(names, ['y']);
  });

  it('a failure is reported together with the downloads that were queued before it', async () => {
    const service = new FakeService();
    const add = service.add.bind(service);
    service.add = (request) =>
      request.path.endsWith('y') ? Promise.reject(new AppError('disk/denied', 'no')) : add(request);
    let handed = 0;
    const queued = queueDownloads(
      service,
      ['x', 'y', 'z'].map(target),
      { kind: 'folder', folder },
      rules,
      () => Promise.resolve('skip'),
      (all) => {
        handed = all.length;
      },
    );
    await assert.rejects(queued, /no/);
    assert.equal(handed, 1);
  });

  it('a file chosen in the save dialog is replaced without another question', async () => {
    const file = path.join(folder, 'mine.bin');
    const service = new FakeService([file]);
    await queueDownloads(
      service,
      [target('x')],
      { kind: 'file', path: file },
      rules,
      () => assert.fail('asked'),
      () => undefined,
    );
    assert.deepEqual(
      service.added.map((request) => [request.path, request.overwrite]),
      [[file, true]],
    );
  });

  it('a download that waits for a restore ignores what was listed before it', async () => {
    const service = new FakeService();
    await queueDownloads(
      service,
      [target('x')],
      { kind: 'folder', folder },
      { ...rules, awaitRestore: true },
      () => assert.fail('asked'),
      () => undefined,
    );
    assert.deepEqual(
      service.added.map(({ awaitRestore, known }) => [awaitRestore, known]),
      [[true, undefined]],
    );
  });

  it('file names follow the setting, which may refuse a name', async () => {
    const service = new FakeService();
    const byRule = (invalidNames: WriteRules['invalidNames']) =>
      queueDownloads(
        service,
        [target('d/a:b')],
        { kind: 'folder', folder },
        { invalidNames, preserveModified: false },
        () => assert.fail('asked'),
        () => undefined,
      );
    assert.deepEqual([await byRule('encode'), await byRule('replace')], [1, 1]);
    await assert.rejects(byRule('fail'), (error) => error instanceof AppError && error.code === 'input/invalidName');
    assert.deepEqual(
      service.added.map((request) => [path.basename(request.path), request.preserveModified]),
      [
        ['a%3Ab', false],
        ['a_b', false],
      ],
    );
  });
});
