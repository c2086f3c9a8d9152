import type { ObjectStore } from './objectStore.ts';
import { solidPng } from './samplePng.ts';

/** Keys that break careless programs; every one is a legal OSS key. */
export const awkwardKeys: readonly string[] = [
  '../outside.txt',
  'a/../b.txt',
  './dot.txt',
  'double//slash.txt',
  'back\\slash.txt',
  'percent%2Fencoded.txt',
  '100%.txt',
  'question?mark.txt',
  'hash#tag.txt',
  'plus+plus.txt',
  'space and  spaces.txt',
  ' leading space.txt',
  'trailing space ',
  'trailing dot.',
  'quote"and\'s.txt',
  '<angle>&amp;.txt',
  'colon:pipe|star*.txt',
  'new\nline.txt',
  'tab\there.txt',
  'bell\u0007.txt',
  'delete\u007f.txt',
  'CON',
  'nul.txt',
  'aux/inner.txt',
  'Case.txt',
  'case.TXT',
  'NFC-\u00e9.txt',
  'NFD-e\u0301.txt',
  '\u4e2d\u6587/\u6587\u4ef6.txt',
  'emoji-\u{1f600}.txt',
  'rtl-\u202etxt.exe',
  'both',
  'both/inside.txt',
  'folder/',
  'empty.bin',
  'n'.repeat(255),
  `${'deep/'.repeat(60)}file.txt`,
  `${'k'.repeat(1019)}.txt`,
  '-rf.txt',
  '~home.txt',
  '$HOME.txt',
  '.git/config',
  '.vscode/settings.json',
];

/**
 * Objects below `prefix`, key to text: the awkward keys again and again, each time in a folder of its own, with folder
 * markers.
 */
export function awkwardFolder(prefix: string, count: number): ReadonlyMap<string, string> {
  const pieces = awkwardKeys.filter((key) => Buffer.byteLength(key) < 300);
  const made = new Map<string, string>();
  for (let number = 0; made.size < count; number += 1) {
    const piece = pieces[number % pieces.length] ?? '';
    const key = `${prefix}${Math.floor(number / pieces.length)}/${piece}`;
    made.set(key, piece.endsWith('/') ? '' : `content of ${JSON.stringify(key)}\n`);
  }
  return made;
}

/** The buckets that `npm start` shows. */
export function addSampleData(store: ObjectStore): void {
  const text = store.addBucket('sample-text');
  text.put('readme.txt', { text: 'These buckets live on the local OSS server of the project.\n' });
  text.put('notes/todo.md', { text: '# To do\n\n- Browse\n- Download\n- Resume\n' });
  text.put('notes/\u8bf4\u660e.txt', { text: '\u672c\u5730 OSS \u670d\u52a1\u5668\n' });
  text.put('data/table.csv', {
    text: `id,square\n${Array.from({ length: 1000 }, (_, i) => `${i},${i * i}`).join('\n')}\n`,
  });
  text.put('data/settings.json', { text: `${JSON.stringify({ region: 'cn-hangzhou', parts: 8 }, null, 2)}\n` });

  const images = store.addBucket('sample-images', { acl: 'public-read' });
  for (const [name, colour] of Object.entries({
    red: [200, 40, 40],
    green: [40, 160, 70],
    blue: [40, 80, 200],
  } as const)) {
    images.put(`colours/${name}.png`, solidPng(64, colour));
  }

  const large = store.addBucket('sample-large');
  large.put('one-gibibyte.bin', { seed: 1, sizeBytes: 1024 ** 3 });
  large.put('hundred-mebibytes.bin', { seed: 2, sizeBytes: 100 * 1024 ** 2 });
  large.put('five-mebibytes.bin', { seed: 3, sizeBytes: 5 * 1024 ** 2 });

  const folders = store.addBucket('sample-folders');
  for (let i = 0; i < 2500; i++) {
    folders.put(`2500-files/file-${String(i).padStart(4, '0')}.txt`, { text: `file ${i}\n` });
  }
  store.addBucket('sample-million', { generated: { count: 1_000_000 } });

  const awkward = store.addBucket('sample-awkward');
  for (const key of awkwardKeys) {
    awkward.put(key, { text: key === 'empty.bin' || key.endsWith('/') ? '' : `content of ${JSON.stringify(key)}\n` });
  }

  const archive = store.addBucket('sample-archive', { storageClass: 'Archive' });
  archive.put('frozen.txt', { text: 'Restored.\n' });
  archive.put('frozen-cold.txt', { text: 'Restored after hours.\n' }, { storageClass: 'ColdArchive' });

  const versions = store.addBucket('sample-versions', { versioning: 'Enabled' });
  versions.put('report.txt', { text: 'first version\n' });
  versions.put('report.txt', { text: 'second version\n' });
  versions.put('deleted.txt', { text: 'was here\n' });
  versions.remove('deleted.txt');
}
