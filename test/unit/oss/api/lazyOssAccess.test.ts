import assert from 'node:assert/strict';
import { silentLogger } from '../../../support/silentLogger.ts';
import { createOssAccess } from '../../../../src/oss/api/lazyOssAccess.ts';
import type { AliOssModule } from '../../../../src/oss/api/lazyOssAccess.ts';
import { createAliOssAccess } from '../../../../src/oss/api/ossAccess.ts';
import type { OssAccessSetup } from '../../../../src/oss/api/ossAccess.ts';
import type { NetworkSettings } from '../../../../src/oss/networkSettings.ts';
import { startOssServer } from '../../../server/ossServer.ts';
import { never, oneProfile } from '../support/access.ts';
import { assertFails, directNetwork } from '../support/answers.ts';

describe('lazily loaded OSS access', () => {
  it('the first call loads OSS access once, with the current settings', async () => {
    const server = await startOssServer({ buckets: { photos: {} } });
    const setups: OssAccessSetup[] = [];
    const module: AliOssModule = {
      createAliOssAccess: (setup) => {
        setups.push(setup);
        return createAliOssAccess(setup);
      },
    };
    let loads = 0;
    const load = (): Promise<AliOssModule> => {
      loads++;
      return Promise.resolve(module);
    };
    let network: NetworkSettings = directNetwork;
    const change = (proxyUrl: string): void => {
      network = { ...directNetwork, proxyUrl };
      access.setNetwork(network);
    };
    const access = createOssAccess(
      {
        profiles: oneProfile({ endpoint: server.url, region: 'cn-hangzhou' }),
        network: () => network,
        logger: silentLogger,
        pageSize: () => 7,
      },
      load,
    );
    change('http://127.0.0.1:9');
    assert.equal(loads, 0);
    const [buckets, entries] = await Promise.all([
      access.listBuckets('p', undefined, never),
      access.listEntries({ profile: 'p', bucket: 'photos' }, '', undefined, never),
    ]);
    assert.deepEqual([buckets.items.length, entries.items.length, loads], [1, 0, 1]);
    assert.deepEqual(
      setups.map(({ network, pageSize }) => [network.proxyUrl, pageSize()]),
      [['http://127.0.0.1:9', 7]],
    );
    assert.match(server.requests.entries.find(({ bucket }) => bucket === 'photos')?.target ?? '', /max-keys=7/);
    change('http://127.0.0.1:1');
    await assertFails(
      access.listEntries({ profile: 'p', bucket: 'nowhere' }, '', undefined, never),
      'bucket/notFound',
      false,
    );
    await access.close();
    await server.close();
  });

  it('a failed load is retried, and an aborted call loads nothing', async () => {
    let loads = 0;
    const load = (): Promise<AliOssModule> => {
      loads++;
      return Promise.reject(new Error('no such file'));
    };
    const access = createOssAccess(
      {
        profiles: oneProfile({ region: 'cn-hangzhou' }),
        network: () => directNetwork,
        logger: silentLogger,
        pageSize: () => 7,
      },
      load,
    );
    await assert.rejects(access.listBuckets('p', undefined, AbortSignal.abort(new Error('enough'))), /enough/);
    assert.equal(loads, 0);
    await assert.rejects(access.listBuckets('p', undefined, never), /no such file/);
    await assert.rejects(access.listBuckets('p', undefined, never), /no such file/);
    assert.equal(loads, 2);
    await access.close();
  });
});
