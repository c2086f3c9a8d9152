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
      // Like a settings file: a written value is visible a moment later.
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
  it('a profile is saved in the settings without its key, and the key in secret storage', async () => {
    const { store, written, secrets } = rig();
    await store.save(work, key);
    assert.deepEqual(written.entries, [work]);
    assert.doesNotMatch(JSON.stringify(written), /secret/);
    assert.equal(secrets.size, 1);
    assert.deepEqual(await store.storedCredentials('work'), key);
  });

  it('a saved profile replaces the earlier one in its place', async () => {
    const { store } = rig(open('a'), work, open('z'));
    await store.save(work, { ...key, accessKeyId: 'new' });
    assert.deepEqual(store.names(), ['a', 'work', 'z']);
    assert.equal((await store.storedCredentials('work'))?.accessKeyId, 'new');
  });

  it('an unreadable entry of the settings stays, and its fault is reported', async () => {
    const broken = { name: 'broken', endpoint: 'not a host' };
    const { store, written } = rig(broken, work);
    await store.save(work, { ...key, accessKeyId: 'new' });
    await store.save(open('more'), undefined);
    await store.remove('work');
    assert.deepEqual(written.entries, [broken, open('more')]);
    assert.deepEqual(store.names(), ['more']);
    assert.match(store.problems().join(), /"broken" is left out/);
  });

  it('a removed profile loses its key and its pins, and no other profile does', async () => {
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

  it('simultaneous saves and removals are all kept, and the store settles after the last one', async () => {
    const { store } = rig(open('old'), open('a'));
    const edited: Profile = { ...open('a'), region: 'cn-beijing' };
    void store.save(edited, undefined);
    void store.save(open('b'), undefined);
    void store.remove('old');
    assert.deepEqual(store.names(), ['old', 'a']);
    await store.settled();
    assert.deepEqual(store.all(), [edited, open('b')]);
  });

  it('a profile can be tried out and is then forgotten', async () => {
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

  it('new credentials can be tried out without changing the saved ones', async () => {
    const { store } = rig();
    await store.save(work, key);
    await store.tryOut(work, { ...key, accessKeyId: 'new' }, async () =>
      assert.equal((await store.storedCredentials('work'))?.accessKeyId, 'new'),
    );
    assert.equal((await store.storedCredentials('work'))?.accessKeyId, 'id');
  });

  it('an anonymous profile has no key, and neither has one whose key was never saved', async () => {
    const { store } = rig(work, open('open'));
    assert.equal(await store.storedCredentials('open'), undefined);
    assert.equal(await store.storedCredentials('work'), undefined);
    await assert.rejects(store.storedCredentials('nobody'), hasCode('input/unknownProfile'));
  });

  it('a bucket is pinned once, and the store knows which profiles show it', async () => {
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

  it('a bucket, its folders and those of another profile are different pins', async () => {
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

  it('pins from before folders could be pinned are still read', async () => {
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

  it('a path belongs to the innermost pin, else to that of its bucket', async () => {
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

  it('the chosen profiles and new ones are shown, and all profiles once none of the chosen is left', async () => {
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
