import assert from 'node:assert/strict';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, normalize, sep } from 'node:path';
import fc from 'fast-check';
import { AppError } from '../../../../src/base/errors.ts';
import { LocalTree } from '../../../../src/download/files/localTree.ts';
import { folded, probeNameRules, realDisk } from '../../../../src/download/files/nameRules.ts';
import type { ExistingEntry, NameRules, TreeDisk } from '../../../../src/download/files/nameRules.ts';
import { keyOfSegments } from '../../../../src/download/files/localPath.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import type { TempFolder } from '../../../support/tempFolder.ts';

const root = join('/out');
const sensitive: NameRules = { foldsCase: false, foldsForm: false };
const windows: NameRules = { foldsCase: true, foldsForm: false };
const mac: NameRules = { foldsCase: true, foldsForm: true };

/** A disk in memory that folds names as its rules say and keeps their spelling. */
class FoldingDisk implements TreeDisk {
  readonly rules: NameRules;
  readonly entries = new Map<string, ExistingEntry>();

  constructor(rules: NameRules) {
    this.rules = rules;
  }

  stat(path: string): Promise<ExistingEntry | undefined> {
    return Promise.resolve(this.entries.get(folded(path, this.rules)));
  }

  makeFolder(path: string): Promise<void> {
    this.put(path, 'folder');
    return Promise.resolve();
  }

  put(path: string, kind: ExistingEntry['kind']): void {
    const key = folded(path, this.rules);
    if (!this.entries.has(key)) {
      this.entries.set(key, { kind, sizeBytes: 1, modifiedMs: 0, name: basename(path) });
    }
  }
}

const names = fc.array(
  fc.constantFrom(
    'a',
    'A',
    'b',
    'é',
    'e\u0301',
    'É',
    'CON',
    'con',
    '..',
    '',
    '%41',
    '%',
    'a.',
    'K',
    '\u212a',
    'ß',
    'SS',
    '?',
    '.git',
  ),
  { minLength: 1, maxLength: 4 },
);
const inOrder = (keys: readonly (readonly string[])[]): readonly (readonly string[])[] =>
  [...new Map(keys.map((key) => [key.join('/'), key])).entries()]
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([, key]) => key);

describe('the local tree of a batch', () => {
  for (const [system, rules] of [
    ['Linux', sensitive],
    ['Windows', windows],
    ['macOS', mac],
  ] as const) {
    it(`on ${system}, every key gets a path of its own, whether earlier files are finished or active`, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(names, { maxLength: 25 }),
          fc.infiniteStream(fc.boolean()),
          async (keys, finished) => {
            const disk = new FoldingDisk(rules);
            let tree = new LocalTree(root, rules, disk);
            const taken = new Map<string, string>();
            for (const key of inOrder(keys)) {
              const { path, existing } = await tree.file(key);
              assert.equal(existing, undefined);
              assert.ok(path.startsWith(root + sep) && normalize(path) === path, path);
              const same = taken.get(folded(path, rules));
              assert.equal(same, undefined, `${key.join('/')} and ${same ?? ''} are one file: ${path}`);
              taken.set(folded(path, rules), key.join('/'));
              const back = keyOfSegments(path.slice(root.length + 1).split(sep));
              assert.ok(back === undefined || back === key.join('/'), `${path} came from ${key.join('/')}`);
              tree.claim(path);
              if (finished.next().value === true) {
                disk.put(path, 'file');
                tree.release(path);
              }
              if (finished.next().value === true) {
                // as after a restart: active files are known from the record, the others from the disk
                tree = new LocalTree(root, rules, disk);
                taken.forEach((_key, claimed) => tree.claim(claimed));
              }
            }
          },
        ),
        { numRuns: 300 },
      );
    });
  }

  it('ordinary names stay, and a name that collides on this system gets a reversible variant', async () => {
    const disk = new FoldingDisk(mac);
    const tree = new LocalTree(root, mac, disk);
    const place = async (...key: string[]): Promise<string> => {
      const { path } = await tree.file(key);
      disk.put(path, 'file');
      return path;
    };
    assert.equal(await place('Case.txt'), join(root, 'Case.txt'));
    assert.equal(await place('case.TXT'), join(root, '%63%61%73%65.%54%58%54'));
    assert.equal(await place('Docs', 'a'), join(root, 'Docs', 'a'));
    assert.equal(await place('docs', 'b'), join(root, '%64%6F%63%73', 'b'));
    assert.equal(await place('both'), join(root, 'both'));
    assert.equal(await place('both', 'inside'), join(root, '%62%6F%74%68', 'inside'));
  });

  it('names that differ only in case stay where the system is case-sensitive', async () => {
    const tree = new LocalTree(root, sensitive, new FoldingDisk(sensitive));
    for (const name of ['Case.txt', 'case.TXT', 'é', 'e\u0301']) {
      const { path } = await tree.file([name]);
      assert.equal(path, join(root, name));
      tree.claim(path);
    }
  });

  describe('the local tree on a real disk', () => {
    let folder: TempFolder;
    beforeEach(() => {
      folder = tempFolder();
    });
    afterEach(() => folder.remove());

    it('the probe of which names collide on a real disk leaves no file behind', async () => {
      const target = join(folder.path, 'deep', 'target');
      const rules = await probeNameRules(target);
      writeFileSync(join(target, 'probe'), '');
      assert.equal(rules.foldsCase, existsSync(join(target, 'PROBE')));
      assert.deepEqual(existsSync(join(target, 'probe')), true);
    });

    it('the tree reports existing files, follows links to folders, and avoids special files', async () => {
      const rules = await probeNameRules(folder.path);
      const tree = new LocalTree(folder.path, rules, realDisk(rules));
      writeFileSync(join(folder.path, 'file'), '12345');
      mkdirSync(join(folder.path, 'real'));
      symlinkSync(join(folder.path, 'real'), join(folder.path, 'link'));
      const { path, existing } = await tree.file(['file']);
      assert.deepEqual([path, existing?.kind, existing?.sizeBytes], [join(folder.path, 'file'), 'file', 5]);
      assert.equal((await tree.file(['link', 'x'])).path, join(folder.path, 'link', 'x'));
      assert.equal((await tree.file(['real'])).path, join(folder.path, '%72%65%61%6C'));
      assert.equal(await tree.numbered(join(folder.path, 'file')), join(folder.path, 'file (1)'));
    });

    it('a key whose name and variants are all taken is reported', async () => {
      const disk = new FoldingDisk(sensitive);
      const tree = new LocalTree(root, sensitive, disk);
      for (let tries = 0; tries < 3; tries += 1) {
        const { path } = await tree.file(['x']);
        disk.put(path, 'folder');
      }
      await assert.rejects(
        tree.file(['x']),
        (error) => error instanceof AppError && error.code === 'disk/targetExists',
      );
    });
  });
});
