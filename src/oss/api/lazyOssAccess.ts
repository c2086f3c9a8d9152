import { Lazy } from '../../base/async.ts';
import type { createAliOssAccess, OssAccess, OssAccessSetup } from './ossAccess.ts';
import type { NetworkSettings } from '../networkSettings.ts';

/** Exports of `dist/aliOss.cjs`. */
export interface AliOssModule {
  readonly createAliOssAccess: typeof createAliOssAccess;
}

export interface LazyOssSetup extends Omit<OssAccessSetup, 'network'> {
  /** Read when the bundle is loaded; later changes come through `setNetwork`. */
  readonly network: () => NetworkSettings;
}

/**
 * Creates the OSS access of the extension host. ali-oss and undici are in a bundle that is loaded with the first call,
 * so that they do not delay activation.
 * @param load loads that bundle; after a failure the next call tries again
 */
export function createOssAccess({ network, ...setup }: LazyOssSetup, load: () => Promise<AliOssModule>): OssAccess {
  const access = new Lazy(async () => {
    const module = await load();
    return module.createAliOssAccess({ ...setup, network: network() });
  });
  const loaded = (signal: AbortSignal): Promise<OssAccess> => {
    signal.throwIfAborted();
    return access.get();
  };

  return {
    listBuckets: async (profile, after, signal) => (await loaded(signal)).listBuckets(profile, after, signal),
    listEntries: async (bucket, prefix, after, signal) =>
      (await loaded(signal)).listEntries(bucket, prefix, after, signal),
    listObjects: async (bucket, prefix, from, signal) =>
      (await loaded(signal)).listObjects(bucket, prefix, from, signal),
    head: async (object, signal) => (await loaded(signal)).head(object, signal),
    plainUrl: async (object, signal) => (await loaded(signal)).plainUrl(object, signal),
    signFor: async (object, lifetimeMs, signal) => (await loaded(signal)).signFor(object, lifetimeMs, signal),
    listVersions: async (object, signal) => (await loaded(signal)).listVersions(object, signal),
    restore: async (object, request, signal) => (await loaded(signal)).restore(object, request, signal),
    signGet: async (object, signal, refusal) => (await loaded(signal)).signGet(object, signal, refusal),
    findSources: async (signal) => (await loaded(signal)).findSources(signal),
    diagnose: async (profile, place, signal) => (await loaded(signal)).diagnose(profile, place, signal),
    setNetwork(changed) {
      void access.current?.then(
        (oss) => oss.setNetwork(changed),
        () => undefined,
      );
    },
    async close() {
      const oss = await access.current?.catch(() => undefined);
      await oss?.close();
    },
  };
}
