import assert from 'node:assert/strict';
import path from 'node:path';
import fc from 'fast-check';
import { AppError } from '../../../../src/base/errors.ts';
import { keyOfSegments, localFileName, localSegments, twinNames } from '../../../../src/download/files/localPath.ts';

const local = (key: string): string => localSegments(key).join('/');

/** Keys made of separators, dots, device names, escapes, control characters and any other character. */
const hostileKey = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '/',
        '..',
        '.',
        '\\',
        '%',
        '%2F',
        '%7E',
        ' ',
        ':',
        'CON',
        'nul.txt',
        '.git',
        'GIT~1',
        '\u0000',
        '\u202e',
        'é',
        'e\u0301',
        '中文',
        '😀',
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join('').replace(/^[/\\]+/, ''))
  .filter((key) => key !== '' && key.isWellFormed());

describe('localPath', () => {
  it('ordinary names stay unchanged', () => {
    for (const key of [
      'a.txt',
      'data/2024/part-0001.csv',
      '数据/图 1.png',
      '100%.txt',
      'a b/c+d&e=f.txt',
      '.hidden',
      'x~1.txt',
    ]) {
      assert.equal(local(key), key);
    }
  });

  it('no key leads outside the destination', () => {
    assert.equal(local('../../etc/passwd'), '%2E%2E/%2E%2E/etc/passwd');
    assert.equal(local('a/./b'), 'a/%2E/b');
    assert.equal(local('..\\..\\x'), '..%5C..%5Cx');
    assert.equal(local('C:/x'), 'C%3A/x');
  });

  it('an empty path segment gets a name of its own', () => {
    assert.equal(local('a//b'), 'a/%2F/b');
    assert.equal(local('a/'), 'a/%2F');
  });

  it('a key that looks escaped and the key that needs that escape get different paths', () => {
    assert.equal(local('a%2Fb'), 'a%252Fb');
    assert.equal(local('%2F'), '%252F');
    assert.equal(local('%7e'), '%257e');
  });

  it('Windows device names and trailing characters that Windows drops are escaped', () => {
    assert.equal(local('CON'), '%43ON');
    assert.equal(local('nul.tar.gz'), '%6Eul.tar.gz');
    assert.equal(local('console.log'), 'console.log');
    assert.equal(local('com1 .txt'), '%63om1 .txt');
    assert.equal(local('a. '), 'a.%20');
    assert.equal(local('a.'), 'a%2E');
  });

  it('no key can write into a folder whose files tools execute', () => {
    assert.equal(local('.git/hooks/post-checkout'), '%2Egit/hooks/post-checkout');
    assert.equal(local('x/.VSCode/tasks.json'), 'x/%2EVSCode/tasks.json');
    assert.equal(local('git~1/config'), '%67it~1/config');
    assert.equal(local('.g\u200cit/config'), '.g%E2%80%8Cit/config');
    assert.equal(local('.gitignore'), '.gitignore');
  });

  it('the "replace" rule replaces characters that some system cannot store', () => {
    const replaced = (key: string): string => localSegments(key, 'replace').join('/');
    for (const key of ['a.txt', '100%.txt', 'a%2Fb', '数据/图 1.png', '.hidden']) {
      assert.equal(replaced(key), key);
    }
    assert.equal(replaced('../a:b/CON/x. /.git/a//b\\c.ossdownload'), '__/a_b/_CON/x._/_.git/a/_/b_c_ossdownload');
    fc.assert(
      fc.property(hostileKey, (key) => {
        for (const segment of localSegments(key, 'replace')) {
          assert.ok(
            segment !== '' && !/[\u0000-\u001f<>:"|?*\\/]|[. ]$/.test(segment) && Buffer.byteLength(segment) <= 235,
            segment,
          );
          assert.deepEqual(localSegments(segment, 'replace'), [segment]);
        }
      }),
    );
  });

  it('the "fail" rule refuses names that some system cannot store, and no others', () => {
    for (const key of ['a.txt', 'a%2Fb', '数据/图 1.png']) {
      assert.equal(localSegments(key, 'fail').join('/'), key);
    }
    for (const key of ['../a', 'a:b', 'NUL', 'x.', '.git/config', 'a//b', 'x'.repeat(300)]) {
      assert.throws(
        () => localSegments(key, 'fail'),
        (error) => error instanceof AppError && error.code === 'input/invalidName',
        key,
      );
    }
  });

  it('no object gets the name of an unfinished file of another object', () => {
    assert.equal(local('big.bin.ossdownload'), 'big.bin%2Eossdownload');
    assert.equal(local('a.OssDownload/b'), 'a%2EOssDownload/b');
    assert.equal(keyOfSegments(localSegments('big.bin.ossdownload')), 'big.bin.ossdownload');
  });

  it('variants of a taken name differ from each other and from all other names on every system', () => {
    const fold = (name: string): string => name.normalize('NFC').toUpperCase().toLowerCase();
    const segment = hostileKey.map((key) => key.replaceAll('/', '')).filter((name) => name !== '');
    fc.assert(
      fc.property(segment, segment, (one, other) => {
        const names = (name: string): readonly string[] => [...localSegments(name), ...twinNames(name)];
        for (const name of names(one)) {
          assert.ok(!/[\u0000-\u001f<>:"|?*\\/]|[. ]$/.test(name) && Buffer.byteLength(name) <= 235, name);
          assert.ok(keyOfSegments([name]) === one || keyOfSegments([name]) === undefined);
        }
        const [, ...twins] = names(one);
        if (one !== other) {
          const others = new Set(twinNames(other).map(fold));
          assert.ok(!twins.some((twin) => others.has(fold(twin))));
          assert.notEqual(names(one)[2], names(one)[0]);
        }
      }),
    );
    assert.equal(twinNames('Case.TXT')[0], '%43%61%73%65.%54%58%54');
  });

  it('names that are too long for a file system are shortened without collisions', () => {
    const long = '长'.repeat(300);
    const [first, second] = [local(`${long}a`), local(`${long}b`)];
    assert.ok(Buffer.byteLength(first) <= 235);
    assert.notEqual(first, second);
    assert.equal(keyOfSegments([first]), undefined);
  });

  it('a single object is named after its last segment, also if it is a folder marker', () => {
    assert.equal(localFileName('a/b/c.txt'), 'c.txt');
    assert.equal(localFileName('a/b/'), 'b');
    assert.equal(localFileName('a/..'), '%2E%2E');
  });

  it('any key gives a reversible path that is valid everywhere and inside the destination', () => {
    fc.assert(
      fc.property(hostileKey, (key) => {
        const segments = localSegments(key);
        for (const segment of segments) {
          assert.ok(!/[\u0000-\u001f<>:"|?*\\/]|[. ]$/.test(segment), segment);
          assert.ok(Buffer.byteLength(segment) <= 235);
        }
        for (const platform of [path.posix, path.win32]) {
          const destination = platform.resolve('/home/user/downloads');
          assert.ok(platform.resolve(platform.join(destination, ...segments)).startsWith(destination + platform.sep));
        }
        const back = keyOfSegments(segments);
        if (back !== undefined) {
          assert.equal(back, key);
        }
      }),
    );
  });

  it('two keys never share a path', () => {
    fc.assert(
      fc.property(hostileKey, hostileKey, (one, other) => {
        assert.equal(local(one) === local(other), one === other);
      }),
    );
  });
});
