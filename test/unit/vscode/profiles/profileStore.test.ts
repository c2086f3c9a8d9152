import assert from 'node:assert/strict';
import { AppError } from '../../../../src/base/errors.ts';
import { parseProfiles } from '../../../../src/oss/credentials/parseProfiles.ts';
import type { BucketLocation } from '../../../../src/oss/model.ts';
import type { Credentials, Profile } from '../../../../src/oss/profile.ts';
import { ProfileStore } from '../../../../src/vscode/profiles/profileStore.ts';
import { CredentialVault } from '../../../../src/vscode/profiles/secrets.ts';

const key: Credentials = { accessKeyId: 'id', accessKeySecret: 'secret' };
const open = (name: string): Profile => ({ name, region: 'cn-hangzhou', credentials: 'anonymous' });
const work: Profile = { name: 'work', region: 'cn-hangzhou', credentials: 'accessKey' };

function rig(...initial: readonly unknown[]) {
  const written: {
    entries: readonly unknown[];
    pins: readonly BucketLocation[];
    shown?: readonly string[] | undefined;
  } = { entries: initial, pins: [] };
  const secrets = new Map<string, string>();
  const vault = new CredentialVault(
    {
      get: (name) => Promise.resolve(secrets.get(name)),
      store: (name, value) => Promise.resolve(void secrets.set(name, value)),
      delete: (name) => Promise.resolve(void secrets.delete(name)),
    },
    { log: () => undefined },
  );
  const store = new ProfileStore(
    {
      readEntries: () => written.entries,
      // As a settings file: what is written is read a moment later.
      writeEntries: (entries) =>
        new Promise((resolve) => setImmediate(() => resolve(void (written.entries = entries)))),
      parseEntries: parseProfiles,
      readPins: () => written.pins,
      writePins: (pins) => Promise.resolve(void (written.pins = pins)),
      readShown: () => written.shown,
      writeShown: (names) => Promise.resolve(void (written.shown = names)),
      mayRun: () => Promise.resolve(false),
    },
    vault,
  );
  return { store, written, secrets };
}

const hasCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

describe('ProfileStore', () => {
  it('writes the profile to the settings without its key, and the key to the secrets', async () => {
    const { store, written, secrets } = rig();
    await store.save(work, key);
    assert.deepEqual(written.entries, [work]);
    assert.doesNotMatch(JSON.stringify(written), /secret/);
    assert.equal(secrets.size, 1);
    assert.deepEqual(await store.storedCredentials('work'), key);
  });

  it('replaces the key of a profile in its place', async () => {
    const { store } = rig(open('a'), work, open('z'));
    await store.save(work, { ...key, accessKeyId: 'new' });
    assert.deepEqual(store.names(), ['a', 'work', 'z']);
    assert.equal((await store.storedCredentials('work'))?.accessKeyId, 'new');
  });

  it('leaves an entry alone that cannot be read, and says what is wrong with it', async () => {
    const broken = { name: 'broken', endpoint: 'not a host' };
    const { store, written } = rig(broken, work);
    await store.save(work, { ...key, accessKeyId: 'new' });
    await store.save(open('more'), undefined);
    await store.remove('work');
    assert.deepEqual(written.entries, [broken, open('more')]);
    assert.deepEqual(store.names(), ['more']);
    assert.match(store.problems().join(), /"broken" is left out/);
  });

  it('removes a profile with its key and what is pinned of it, and no other', async () => {
    const { store, written, secrets } = rig(work, open('other'));
    await store.save(work, key);
    await store.pin([
      { profile: 'work', bucket: 'b-1' },
      { profile: 'work', bucket: 'b-1', prefix: 'a/' },
    ]);
    await store.pin([{ profile: 'other', bucket: 'b-1' }]);
    await store.remove('work');
    assert.deepEqual(store.names(), ['other']);
    assert.deepEqual(written.pins, [{ profile: 'other', bucket: 'b-1' }]);
    assert.equal(secrets.size, 0);
  });

  it(
    'loses nothing of what is saved and removed at the same time, and has settled when all of it is ' + 'there',
    async () => {
      const { store } = rig(open('old'), open('a'));
      const edited: Profile = { ...open('a'), region: 'cn-beijing' };
      void store.save(edited, undefined);
      void store.save(open('b'), undefined);
      void store.remove('old');
      assert.deepEqual(store.names(), ['old', 'a']);
      await store.settled();
      assert.deepEqual(store.all(), [edited, open('b')]);
    },
  );

  it('lets a profile be tried out, and afterwards knows nothing of it', async () => {
    const { store, written, secrets } = rig();
    const seen = await store.tryOut(work, key, async () => [
      store.profile('work'),
      await store.storedCredentials('work'),
    ]);
    assert.deepEqual(seen, [work, key]);
    assert.throws(() => store.profile('work'), hasCode('input/unknownProfile'));
    await assert.rejects(
      store.tryOut(work, key, () => Promise.reject(new Error('refused'))),
      /refused/,
    );
    assert.throws(() => store.profile('work'), hasCode('input/unknownProfile'));
    assert.deepEqual([written.entries, secrets.size], [[], 0]);
  });

  it('tries out new credentials of a profile without touching the old ones', async () => {
    const { store } = rig();
    await store.save(work, key);
    await store.tryOut(work, { ...key, accessKeyId: 'new' }, async () =>
      assert.equal((await store.storedCredentials('work'))?.accessKeyId, 'new'),
    );
    assert.equal((await store.storedCredentials('work'))?.accessKeyId, 'id');
  });

  it('has no key for an anonymous profile, nor for one whose key was never stored', async () => {
    const { store } = rig(work, open('open'));
    assert.equal(await store.storedCredentials('open'), undefined);
    assert.equal(await store.storedCredentials('work'), undefined);
    await assert.rejects(store.storedCredentials('nobody'), hasCode('input/unknownProfile'));
  });

  it('pins a bucket once, and tells who shows it', async () => {
    const { store } = rig(work);
    let changes = 0;
    store.onDidChangePins(() => (changes += 1));
    await store.pin([{ profile: 'work', bucket: 'b-1' }]);
    await store.pin([{ profile: 'work', bucket: 'b-1', region: 'cn-beijing' }]);
    assert.deepEqual(store.pinned('work'), [{ profile: 'work', bucket: 'b-1', region: 'cn-beijing' }]);
    await store.unpin([{ profile: 'work', bucket: 'b-1' }]);
    assert.deepEqual(store.pinned('work'), []);
    assert.equal(changes, 3);
  });

  it('takes a bucket, its folders and those of another profile for different places', async () => {
    const { store } = rig(work, open('other'));
    const places = [
      { profile: 'work', bucket: 'b-1' },
      { profile: 'work', bucket: 'b-1', prefix: 'a/' },
      { profile: 'work', bucket: 'b-1', prefix: 'a/b/' },
      { profile: 'other', bucket: 'b-1', prefix: 'a/' },
    ];
    await store.pin(places);
    assert.deepEqual([...store.pinned('work'), ...store.pinned('other')], places);
    await store.unpin([{ profile: 'work', bucket: 'b-1', prefix: 'a/' }]);
    assert.deepEqual(
      places.map((place) => store.isPinned(place)),
      [true, false, true, true],
    );
  });

  it('reads what was kept when there were only buckets that were added by name', async () => {
    const { store, written } = rig(work);
    written.pins = [
      { profile: 'work', bucket: 'old-1' },
      { profile: 'work', bucket: 'old-2', region: 'cn-beijing' },
    ];
    assert.deepEqual(store.pinned('work'), written.pins);
    await store.pin([{ profile: 'work', bucket: 'new', prefix: 'a/' }]);
    await store.unpin([{ profile: 'work', bucket: 'old-2' }]);
    assert.deepEqual(written.pins, [
      { profile: 'work', bucket: 'old-1' },
      { profile: 'work', bucket: 'new', prefix: 'a/' },
    ]);
  });

  it('finds whose pin a path lies in, the innermost one, else one of its bucket', async () => {
    const { store } = rig(open('a'), open('b'), open('c'));
    await store.pin([
      { profile: 'b', bucket: 'b-1', prefix: 'x/' },
      { profile: 'c', bucket: 'b-1', prefix: 'x/y/' },
      { profile: 'a', bucket: 'b-2' },
    ]);
    const found = (key: string, bucket = 'b-1'): string | undefined => store.pinnedAround({ bucket, key })?.profile;
    assert.deepEqual(
      [found('x/1'), found('x/y/1'), found('x/y/'), found('z'), found('x/1', 'b-2'), found('x/1', 'b-3')],
      ['b', 'c', 'c', 'b', 'a', undefined],
    );
  });

  it('shows the chosen profiles, a new one beside them, and all again when none of them is left', async () => {
    const { store, written } = rig(open('a'), open('b'), open('c'));
    let changes = 0;
    store.onDidChangeShown(() => (changes += 1));
    assert.deepEqual(store.shownNames(), ['a', 'b', 'c']);
    await store.show(['c', 'a']);
    assert.deepEqual([store.shownNames(), changes], [['a', 'c'], 1]);
    await store.save(open('new'), undefined);
    assert.deepEqual(store.shownNames(), ['a', 'c', 'new']);
    await store.save({ ...open('b'), region: 'cn-beijing' }, undefined);
    assert.deepEqual(store.shownNames(), ['a', 'c', 'new']);
    for (const name of ['a', 'c', 'new']) await store.remove(name);
    assert.deepEqual(store.shownNames(), ['b']);
    await store.show(['b']);
    assert.equal(written.shown, undefined);
  });
});
