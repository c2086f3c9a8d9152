import { AppError } from '../base/errors.ts';
import type { Logger } from '../base/logger.ts';
import { createObjectActions, signUrl } from './aliOssActions.ts';
import { createUrllib } from './aliOssTransport.ts';
import { createDispatcherSource } from './dispatcher.ts';
import { bucketPage, entryPage, objectMeta } from './listedPages.ts';
import type { BucketRef, ListedObject } from './model.ts';
import type { NetworkSettings } from './networkSettings.ts';
import type { ObjectActions } from './objectActions.ts';
import type { ListedEntry, ListPosition, ObjectLister, Page, UrlSigner } from './objectLister.ts';
import { OssCalls } from './ossCalls.ts';
import { describeObject } from './ossPath.ts';
import type { ProfileSource } from './profile.ts';

/** How long a URL that a download reads from is good for, unless the credentials end before. */
const lifetimeMs = 3_600_000;
/** What OSS gives at most, where nobody waits for the first row. */
const largestPage = 1000;

export interface OssAccess extends ObjectLister, ObjectActions, UrlSigner {
  /** Calls under way end as they began. */
  setNetwork(network: NetworkSettings): void;
  /** Ends every connection. */
  close(): Promise<void>;
}

export interface OssAccessSetup {
  readonly profiles: ProfileSource;
  readonly network: NetworkSettings;
  readonly logger: Logger;
  /** Entries of a page of `listEntries`, 1 to 1000; read for each page. */
  readonly pageSize: () => number;
}

/** Listing, heading and signing through ali-oss: the entry of the bundle that is loaded when OSS is first asked for anything. */
export function createAliOssAccess({ profiles, network, logger, pageSize }: OssAccessSetup): OssAccess {
  const dispatchers = createDispatcherSource(network);
  const calls = new OssCalls(profiles, createUrllib(() => dispatchers.current()), logger);
  const located = <T extends BucketRef>(ref: T): T => {
    const region = calls.regionOf(ref);
    return region === undefined ? ref : { ...ref, region };
  };

  const listPage = (bucket: BucketRef, prefix: string, query: Readonly<Record<string, string | number>>, signal: AbortSignal): Promise<Page<ListedEntry>> =>
    calls.perform({
      profile: bucket.profile,
      bucket,
      subject: describeObject({ bucket: bucket.bucket, key: prefix }),
      rootElement: 'ListBucketResult',
      run: async (client, ctx) => {
        // An empty prefix would be signed as `prefix=` by ali-oss and as `prefix` by OSS.
        const whole = { ...query, 'encoding-type': 'url', ...(prefix === '' ? {} : { prefix }) };
        return entryPage(located(bucketOnly(bucket)), await client.listV2(whole, { ctx }));
      },
    }, signal);

  return {
    listBuckets: (profile, after, signal) =>
      calls.perform({
        profile,
        rootElement: 'ListAllMyBucketsResult',
        run: async (client, ctx) => bucketPage(profile, await client.listBuckets({ 'max-keys': 1000, ...(after === undefined ? {} : { marker: after }) }, { ctx })),
      }, signal),

    listEntries: (bucket, prefix, after, signal) =>
      listPage(bucket, prefix, { delimiter: '/', 'max-keys': pageSize(), ...(after === undefined ? {} : { 'continuation-token': after }) }, signal),

    listObjects: async (bucket, prefix, from, signal) =>
      objectsOnly(await listPage(bucket, prefix, { 'max-keys': largestPage, ...positionQuery(from) }, signal)),

    head: (object, signal) => {
      const subject = describeObject(object);
      if (object.key === '') {
        return Promise.reject(new AppError('input/invalidPath', `a bucket is no object: ${subject}`, { details: { subject } }));
      }
      return calls.perform({
        profile: object.profile,
        bucket: object,
        subject,
        run: async (client, ctx) => {
          const { res } = await client.head(object.key, { ctx, ...(object.versionId === undefined ? {} : { versionId: object.versionId }) });
          return objectMeta(located(object), res.headers);
        },
      }, signal);
    },

    signGet: async (object, signal) => {
      signal.throwIfAborted();
      return signUrl(calls, object, lifetimeMs);
    },

    ...createObjectActions(calls),

    setNetwork: (changed) => dispatchers.setNetwork(changed),
    close: () => dispatchers.close(),
  };
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

/** Without a delimiter there are no prefixes. */
function objectsOnly({ items, ...rest }: Page<ListedEntry>): Page<ListedObject> {
  return { ...rest, items: items.flatMap((entry) => (entry.kind === 'object' ? [entry.object] : [])) };
}

function bucketOnly({ profile, bucket, region }: BucketRef): BucketRef {
  return { profile, bucket, ...(region === undefined ? {} : { region }) };
}
