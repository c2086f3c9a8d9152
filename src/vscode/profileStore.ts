import { Emitter } from '../base/emitter.ts';
import type { Disposable } from '../base/disposable.ts';
import { AppError } from '../base/errors.ts';
import type { BucketRef } from '../oss/model.ts';
import type { Credentials, Profile, ProfileSource } from '../oss/profile.ts';
import type { BrowsableProfiles } from './bucketListings.ts';
import type { CredentialVault, Kept } from './secrets.ts';

/** Where profiles and the buckets added to them are kept: settings and state of the editor. */
export interface ProfileStorage {
  readProfiles(): readonly Profile[];
  writeProfiles(profiles: readonly Profile[]): Promise<void>;
  readBuckets(): readonly BucketRef[];
  writeBuckets(buckets: readonly BucketRef[]): Promise<void>;
  /** `OSS_ACCESS_KEY_ID` and so on; undefined where they are not set. */
  environmentCredentials(): Credentials | undefined;
}

interface Candidate {
  readonly profile: Profile;
  readonly credentials: Credentials | undefined;
}

/** The user's profiles: metadata from the settings, credentials from the vault, buckets that were added by name. */
export class ProfileStore implements ProfileSource, BrowsableProfiles, Disposable {
  private readonly storage: ProfileStorage;
  private readonly vault: CredentialVault;
  private readonly candidates = new Map<string, Candidate>();
  private readonly credentialChanges = new Emitter<string>();

  /** Fired with a profile's name when its credentials or its added buckets are other ones. */
  readonly onDidChangeProfile = this.credentialChanges.event;

  constructor(storage: ProfileStorage, vault: CredentialVault) {
    this.storage = storage;
    this.vault = vault;
  }

  all(): readonly Profile[] {
    return this.storage.readProfiles();
  }

  names(): readonly string[] {
    return this.all().map(({ name }) => name);
  }

  profile(name: string): Profile {
    const found = this.candidates.get(name)?.profile ?? this.all().find((profile) => profile.name === name);
    if (found === undefined) {
      throw new AppError('input/unknownProfile', `there is no profile: ${name}`, { details: { subject: name } });
    }
    return found;
  }

  async credentials(name: string): Promise<Credentials | undefined> {
    switch (this.profile(name).credentials) {
      case 'anonymous':
        return undefined;
      case 'environment':
        return this.storage.environmentCredentials() ?? missing(name, 'the environment variables OSS_ACCESS_KEY_ID and OSS_ACCESS_KEY_SECRET are not set');
      case 'accessKey':
        return this.candidates.get(name)?.credentials ?? (await this.vault.load(name)) ?? missing(name, 'secret storage has no access key');
    }
  }

  /** Runs `attempt` as if the profile were there with these credentials; afterwards everything is as it was. */
  async tryOut<T>(profile: Profile, credentials: Credentials | undefined, attempt: () => Promise<T>): Promise<T> {
    this.candidates.set(profile.name, { profile, credentials });
    try {
      return await attempt();
    } finally {
      this.candidates.delete(profile.name);
    }
  }

  /** Adds a profile, or replaces the one of this name. @returns how its credentials are kept */
  async save(profile: Profile, credentials: Credentials | undefined): Promise<Kept> {
    const kept = credentials === undefined ? 'stored' : await this.vault.save(profile.name, credentials);
    const others = this.all();
    const exists = others.some(({ name }) => name === profile.name);
    await this.storage.writeProfiles(exists ? others.map((other) => (other.name === profile.name ? profile : other)) : [...others, profile]);
    this.credentialChanges.fire(profile.name);
    return kept;
  }

  async remove(name: string): Promise<void> {
    await this.vault.remove(name);
    await this.storage.writeBuckets(this.storage.readBuckets().filter(({ profile }) => profile !== name));
    await this.storage.writeProfiles(this.all().filter((profile) => profile.name !== name));
    this.credentialChanges.fire(name);
  }

  addedBuckets(profile: string): readonly BucketRef[] {
    return this.storage.readBuckets().filter((bucket) => bucket.profile === profile);
  }

  async addBucket(bucket: BucketRef): Promise<void> {
    const others = this.storage.readBuckets().filter((other) => !isSame(other, bucket));
    await this.storage.writeBuckets([...others, bucket]);
    this.credentialChanges.fire(bucket.profile);
  }

  async removeBucket(bucket: BucketRef): Promise<void> {
    await this.storage.writeBuckets(this.storage.readBuckets().filter((other) => !isSame(other, bucket)));
    this.credentialChanges.fire(bucket.profile);
  }

  dispose(): void {
    this.credentialChanges.dispose();
  }
}

function isSame(a: BucketRef, b: BucketRef): boolean {
  return a.profile === b.profile && a.bucket === b.bucket;
}

function missing(name: string, why: string): never {
  throw new AppError('auth/missingCredentials', `${why}: ${name}`, { details: { subject: name } });
}
