import { Emitter } from '../../base/emitter.ts';
import type { Disposable } from '../../base/disposable.ts';
import { AppError } from '../../base/errors.ts';
import { SerialQueue } from '../../base/async.ts';
import type { ParsedProfiles } from '../../oss/credentials/parseProfiles.ts';
import type { BucketLocation } from '../../oss/model.ts';
import type { OssPath } from '../../oss/ossPath.ts';
import type { Credentials, Profile, ProfileProvider } from '../../oss/profile.ts';
import type { CredentialVault, StorageOutcome } from './secrets.ts';
import type { BrowsableProfiles } from '../treeNodes.ts';

/** Port to the stored profiles and pins: settings and state of the editor. */
export interface ProfileStorage {
  /** The entries of the setting, unchecked. */
  readEntries(): readonly unknown[];
  writeEntries(entries: readonly unknown[]): Promise<void>;
  parseEntries(entries: readonly unknown[]): ParsedProfiles;
  /** Pins; an entry without a prefix is a bucket, as in data from before folders could be pinned. */
  readPins(): readonly BucketLocation[];
  writePins(pins: readonly BucketLocation[]): Promise<void>;
  /** Names of the visible profiles; undefined: all. */
  readShown(): readonly string[] | undefined;
  writeShown(names: readonly string[] | undefined): Promise<void>;
  /** Whether the user allows the command of a credentials source. */
  mayRun(command: string): Promise<boolean>;
}

interface Candidate {
  readonly profile: Profile;
  readonly credentials: Credentials | undefined;
}

/**
 * The user's profiles: metadata from the settings, credentials from the vault, and pinned buckets and folders.
 */
export class ProfileStore implements ProfileProvider, BrowsableProfiles, Disposable {
  private readonly storage: ProfileStorage;
  private readonly vault: CredentialVault;
  private readonly candidates = new Map<string, Candidate>();
  /** Serializes read-modify-write changes of the entries. */
  private readonly writes = new SerialQueue();
  private readonly profileChanges = new Emitter<string>();
  private readonly pinChanges = new Emitter<void>();
  private readonly shownChanges = new Emitter<void>();

  /** Fires with a profile's name when it or its credentials change. */
  readonly onDidChangeProfile = this.profileChanges.event;
  /** Fires when a pin is added or removed. */
  readonly onDidChangePins = this.pinChanges.event;

  /** Fires when the set of visible profiles changes. */
  readonly onDidChangeShown = this.shownChanges.event;

  constructor(storage: ProfileStorage, vault: CredentialVault) {
    this.storage = storage;
    this.vault = vault;
  }

  all(): readonly Profile[] {
    return this.parsed().profiles;
  }

  /** Descriptions of invalid entries of the setting, in English. */
  problems(): readonly string[] {
    return this.parsed().problems;
  }

  names(): readonly string[] {
    return this.all().map(({ name }) => name);
  }

  /** The visible profiles, in the order of the settings; all unless the user chose some. */
  shownNames(): readonly string[] {
    const shown = this.storage.readShown();
    const names = this.names();
    const chosen = names.filter((name) => shown?.includes(name) ?? true);
    return chosen.length === 0 ? names : chosen;
  }

  /** @param names all names: also shows profiles that are added later */
  async show(names: readonly string[]): Promise<void> {
    const isAll = this.names().every((name) => names.includes(name));
    await this.storage.writeShown(isAll ? undefined : names);
    this.shownChanges.fire();
  }

  profile(name: string): Profile {
    const found = this.candidates.get(name)?.profile ?? this.all().find((profile) => profile.name === name);
    if (found === undefined) {
      throw new AppError('input/unknownProfile', `there is no profile: ${name}`, { details: { subject: name } });
    }
    return found;
  }

  async storedCredentials(name: string): Promise<Credentials | undefined> {
    return this.profile(name).credentials === 'accessKey'
      ? (this.candidates.get(name)?.credentials ?? this.vault.load(name))
      : undefined;
  }

  mayRun(command: string): Promise<boolean> {
    return this.storage.mayRun(command);
  }

  /** Runs `attempt` with a temporary profile and credentials, which are removed afterwards. */
  async tryOut<T>(profile: Profile, credentials: Credentials | undefined, attempt: () => Promise<T>): Promise<T> {
    this.candidates.set(profile.name, { profile, credentials });
    try {
      return await attempt();
    } finally {
      this.candidates.delete(profile.name);
    }
  }

  /** Adds a profile, or replaces the one of this name. @returns how its credentials are stored */
  async save(profile: Profile, credentials: Credentials | undefined): Promise<StorageOutcome> {
    return this.writes.run(() => this.write(profile, credentials));
  }

  async remove(name: string): Promise<void> {
    await this.writes.run(() => this.erase(name));
  }

  /** Resolves when pending changes are written to the settings, where commands read them. */
  async settled(): Promise<void> {
    await this.writes.settled();
  }

  pinned(profile: string): readonly BucketLocation[] {
    return this.storage.readPins().filter((pin) => pin.profile === profile);
  }

  isPinned(location: BucketLocation): boolean {
    return this.storage.readPins().some((pin) => isSame(pin, location));
  }

  /** The innermost pin that contains a path; else any pin of its bucket, whose profile can reach it. */
  pinnedAround({ bucket, key }: OssPath): BucketLocation | undefined {
    const ofBucket = this.names()
      .flatMap((name) => this.pinned(name))
      .filter((pin) => pin.bucket === bucket);
    const around = ofBucket.filter(({ prefix = '' }) => key.startsWith(prefix));
    return around.sort((a, b) => (b.prefix ?? '').length - (a.prefix ?? '').length)[0] ?? ofBucket[0];
  }

  async pin(locations: readonly BucketLocation[]): Promise<void> {
    await this.storage.writePins([...this.pinsBut(locations), ...locations]);
    this.pinChanges.fire();
  }

  /** Removes pins; buckets that the profile may list remain visible in the listing. */
  async unpin(locations: readonly BucketLocation[]): Promise<void> {
    await this.storage.writePins(this.pinsBut(locations));
    this.pinChanges.fire();
  }

  private async write(profile: Profile, credentials: Credentials | undefined): Promise<StorageOutcome> {
    const kept = credentials === undefined ? 'stored' : await this.vault.save(profile.name, credentials);
    const entries = this.storage.readEntries();
    const isThere = this.names().includes(profile.name);
    const shown = this.storage.readShown();
    if (!isThere && shown !== undefined) {
      await this.storage.writeShown([...shown, profile.name]);
    }
    // Invalid entries stay unchanged: the user may be editing them.
    await this.storage.writeEntries(
      isThere ? entries.map((entry) => (isNamed(entry, profile.name) ? profile : entry)) : [...entries, profile],
    );
    this.profileChanges.fire(profile.name);
    return kept;
  }

  private async erase(name: string): Promise<void> {
    await this.vault.remove(name);
    await this.storage.writePins(this.storage.readPins().filter(({ profile }) => profile !== name));
    await this.storage.writeEntries(this.storage.readEntries().filter((entry) => !isNamed(entry, name)));
    this.profileChanges.fire(name);
  }

  private pinsBut(locations: readonly BucketLocation[]): readonly BucketLocation[] {
    return this.storage.readPins().filter((pin) => !locations.some((location) => isSame(pin, location)));
  }

  private parsed(): ParsedProfiles {
    return this.storage.parseEntries(this.storage.readEntries());
  }

  dispose(): void {
    this.profileChanges.dispose();
    this.pinChanges.dispose();
    this.shownChanges.dispose();
  }
}

/** Compares trimmed names, as `parseProfiles` reads them. */
function isNamed(entry: unknown, name: string): boolean {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'name' in entry &&
    typeof entry.name === 'string' &&
    entry.name.trim() === name
  );
}

function isSame(a: BucketLocation, b: BucketLocation): boolean {
  return a.profile === b.profile && a.bucket === b.bucket && a.prefix === b.prefix;
}
