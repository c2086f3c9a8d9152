import { defined } from '../../base/defined.ts';
import { homedir } from 'node:os';
import { raceAbort } from '../../base/abort.ts';
import { AppError } from '../../base/errors.ts';
import type { Logger } from '../../base/logger.ts';
import { createObjectActions } from './objectActionsAdapter.ts';
import { ecsMetadataOrigin, ecsRoleName } from '../credentials/ecsMetadata.ts';
import type { Environment } from '../credentials/environmentSource.ts';
import { findSources } from '../credentials/findSources.ts';
import type { FoundSource } from '../credentials/findSources.ts';
import { CredentialResolver } from '../credentials/resolver.ts';
import { createUserFiles } from '../credentials/userFiles.ts';
import type { BucketRegions, BucketLocation, BucketRef, ListedObject } from '../model.ts';
import { createUrllib } from './aliOssTransport.ts';
import { diagnose } from '../diagnosis/diagnose.ts';
import type { Diagnosis } from '../diagnosis/diagnosis.ts';
import { createDispatcherHolder } from '../http/dispatcher.ts';
import { bucketPage, entryPage, objectMeta } from './responses.ts';
import type { NetworkSettings } from '../networkSettings.ts';
import type { ObjectActions } from '../objectActions.ts';
import type { ListedEntry, ListPosition, ObjectLister, Page, UrlSigner } from '../objectLister.ts';
import { ObjectSigner } from './objectSigner.ts';
import { OssCalls } from './ossCalls.ts';
import { describeObject } from '../ossPath.ts';
import type { ProfileProvider } from '../profile.ts';

/** For link-local addresses, which no proxy can reach. */
const directNetwork: NetworkSettings = { noProxy: [], strictTls: true, extraCertificates: [] };
/** OSS's maximum, for listings whose first row is not urgent. */
const largestPage = 1000;

export interface OssAccess extends ObjectLister, ObjectActions, UrlSigner {
  /** Finds the credentials sources of this machine. @throws `signal.reason` when aborted */
  findSources(signal: AbortSignal): Promise<readonly FoundSource[]>;
  /**
   * Checks each step of a request for a profile's buckets, for a bucket or for a folder.
   * @throws `signal.reason` when aborted
   */
  diagnose(profile: string, location: BucketLocation | undefined, signal: AbortSignal): Promise<Diagnosis>;
  /** New calls use the new settings; running ones keep theirs. */
  setNetwork(network: NetworkSettings): void;
  /** Closes all connections. */
  close(): Promise<void>;
}

export interface OssAccessSetup {
  readonly profiles: ProfileProvider;
  readonly network: NetworkSettings;
  readonly logger: Logger;
  /** Page size of `listEntries`, 1 to 1000; called for each page. */
  readonly pageSize: () => number;
  /** Absent: regions are cached in memory only. */
  readonly bucketRegions?: BucketRegions;
  /** Absent: this machine. */
  readonly machine?: Machine;
}

/** Inputs of the credentials sources of a machine. */
export interface Machine {
  readonly home: string;
  readonly environment: Environment;
  readonly metadataOrigin: string;
}

/**
 * Creates the OSS access through ali-oss: the entry point of the bundle that is loaded with the first call.
 */
export function createAliOssAccess({
  profiles,
  network,
  logger,
  pageSize,
  bucketRegions = new Map<string, string>(),
  machine = thisMachine(),
}: OssAccessSetup): OssAccess {
  let settings = network;
  const dispatchers = createDispatcherHolder(network);
  const direct = createDispatcherHolder(directNetwork);
  const files = createUserFiles(machine.home);
  const credentials = new CredentialResolver({
    profiles,
    environment: machine.environment,
    dispatchers,
    direct: () => direct.current(),
    files,
    logger,
    metadataOrigin: machine.metadataOrigin,
  });
  const calls = new OssCalls(
    credentials,
    createUrllib(() => dispatchers.current()),
    bucketRegions,
    logger,
  );
  const signer = new ObjectSigner(calls);
  const located = <T extends BucketRef>(ref: T): T => {
    const region = calls.regionOf(ref);
    return region === undefined ? ref : { ...ref, region };
  };

  const listPage = (
    bucket: BucketRef,
    prefix: string,
    query: Readonly<Record<string, string | number>>,
    signal: AbortSignal,
  ): Promise<Page<ListedEntry>> =>
    calls.perform(
      {
        profile: bucket.profile,
        bucket,
        subject: describeObject({ bucket: bucket.bucket, key: prefix }),
        rootElement: 'ListBucketResult',
        run: async (client, ctx) => {
          // ali-oss would sign an empty prefix as `prefix=`, OSS as `prefix`.
          const whole = { ...query, 'encoding-type': 'url', ...(prefix === '' ? {} : { prefix }) };
          return entryPage(located(bucketOnly(bucket)), await client.listV2(whole, { ctx }));
        },
      },
      signal,
    );

  const access: OssAccess = {
    listBuckets: (profile, after, signal) =>
      calls.perform(
        {
          profile,
          rootElement: 'ListAllMyBucketsResult',
          run: async (client, ctx) =>
            bucketPage(profile, await client.listBuckets({ 'max-keys': 1000, ...defined({ marker: after }) }, { ctx })),
        },
        signal,
      ),

    listEntries: (bucket, prefix, after, signal) =>
      listPage(
        bucket,
        prefix,
        { delimiter: '/', 'max-keys': pageSize(), ...defined({ 'continuation-token': after }) },
        signal,
      ),

    listObjects: async (bucket, prefix, from, signal) =>
      objectsOnly(await listPage(bucket, prefix, { 'max-keys': largestPage, ...positionQuery(from) }, signal)),

    head: (object, signal) => {
      const subject = describeObject(object);
      if (object.key === '') {
        return Promise.reject(
          new AppError('input/invalidPath', `a bucket is no object: ${subject}`, { details: { subject } }),
        );
      }
      return calls.perform(
        {
          profile: object.profile,
          bucket: object,
          subject,
          run: async (client, ctx) => {
            const { res } = await client.head(object.key, { ctx, ...defined({ versionId: object.versionId }) });
            return objectMeta(located(object), res.headers);
          },
        },
        signal,
      );
    },

    signGet: (object, signal, refusal) => signer.signGet(object, signal, refusal),

    ...createObjectActions(calls),

    findSources: (signal) =>
      raceAbort(
        findSources({
          files,
          environment: machine.environment,
          findEcsRole: () => ecsRoleName(direct.current(), signal, machine.metadataOrigin),
        }),
        signal,
      ),

    diagnose: (profile, location, signal) =>
      diagnose(
        {
          target: (each) => calls.target(profile, location, each),
          tryCall: (each) =>
            location === undefined
              ? access.listBuckets(profile, undefined, each)
              : access.listEntries(location, location.prefix ?? '', undefined, each),
          isCallable: location !== undefined || profiles.profile(profile).credentials !== 'anonymous',
          ...defined({ location }),
          network: settings,
          dispatchers,
        },
        signal,
      ),

    setNetwork: (changed) => {
      settings = changed;
      dispatchers.setNetwork(changed);
    },
    close: async () => {
      credentials.close();
      await Promise.all([dispatchers.close(), direct.close()]);
    },
  };
  return access;
}

function thisMachine(): Machine {
  return { home: homedir(), environment: process.env, metadataOrigin: ecsMetadataOrigin };
}

function positionQuery(from: ListPosition | undefined): Readonly<Record<string, string>> {
  switch (from?.kind) {
    case 'token':
      return { 'continuation-token': from.token };
    case 'afterKey':
      return { 'start-after': from.key };
    case undefined:
      return {};
  }
}

/** Drops the prefixes, of which a listing without a delimiter has none. */
function objectsOnly({ items, ...rest }: Page<ListedEntry>): Page<ListedObject> {
  return { ...rest, items: items.flatMap((entry) => (entry.kind === 'object' ? [entry.object] : [])) };
}

function bucketOnly({ profile, bucket, region }: BucketRef): BucketRef {
  return { profile, bucket, ...defined({ region }) };
}
