import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { networkSettings } from '../../../../src/vscode/settings/proxySettings.ts';
import { settingValue, transferLimits } from '../../../../src/vscode/settings/settingValues.ts';
import type { SettingKey } from '../../../../src/vscode/settings/settingValues.ts';
import { settingScopes } from '../../../support/settingScopes.ts';

const from = (values: Readonly<Record<string, unknown>>) => (key: string) => values[key];

interface Manifest {
  readonly contributes: {
    readonly configuration: readonly {
      readonly properties: Readonly<Record<string, { readonly default: unknown; readonly scope: string }>>;
    }[];
  };
}

describe('setting values', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8')) as Manifest;
  const properties = manifest.contributes.configuration.flatMap(({ properties: each }) => Object.entries(each));

  it('settings have scopes that keep a workspace out of user decisions', () => {
    assert.deepEqual(
      Object.fromEntries(properties.map(([name, { scope }]) => [name.replace('ossDownloader.', ''), scope])),
      settingScopes,
    );
  });

  it('missing and invalid settings have the defaults of package.json', () => {
    assert(properties.length > 0);
    for (const [name, { default: shown }] of properties) {
      const key = name.replace('ossDownloader.', '') as SettingKey;
      assert.deepEqual(
        settingValue(key, () => undefined),
        shown,
        name,
      );
      if (key !== 'profiles') {
        assert.deepEqual(
          settingValue(key, () => ({ nonsense: true })),
          shown,
          name,
        );
      }
    }
  });

  it('numbers are limited to their range', () => {
    const limits = transferLimits(
      from({
        'transfer.maxConnections': 100000,
        'transfer.concurrentDownloads': 0,
        'transfer.retries': -3,
        'transfer.stallTimeout': 0.2,
      }),
    );
    assert.deepEqual(limits, {
      maxConnections: 256,
      concurrentDownloads: 1,
      partSizeBytes: 'auto',
      retries: 0,
      stallTimeoutMs: 1000,
    });
  });

  for (const [set, bytesPerSecond] of [
    [0, undefined],
    [-5, undefined],
    ['5', undefined],
    [2.5, 2.5 * 1024 ** 2],
    [0.001, 0.1 * 1024 ** 2],
    [1e9, 100_000 * 1024 ** 2],
  ] as const) {
    it(`a bandwidth limit of ${JSON.stringify(set)} is read as ${bytesPerSecond ?? 'none'}`, () => {
      assert.equal(transferLimits(from({ 'transfer.bandwidthLimit': set })).bytesPerSecond, bytesPerSecond);
    });
  }

  it('the editor opens nothing larger than 50 MB, whatever a workspace sets', () => {
    assert.deepEqual(
      [1e9, 0, 2.5].map((set) => settingValue('preview.maxSize', () => set)),
      [50, 0.1, 2.5],
    );
  });

  for (const [text, bytes] of [
    ['8 MiB', 8 << 20],
    ['512 KiB', 512 << 10],
    ['1MB', 1 << 20],
    ['1 KiB', 64 << 10],
    ['auto', 'auto'],
    ['much', 'auto'],
  ] as const) {
    it(`a part size of ${text} is read as ${bytes}`, () => {
      assert.equal(
        settingValue('transfer.partSize', () => text),
        bytes,
      );
    });
  }
});

describe('network settings', () => {
  it('the proxy of VS Code is used, or that of the environment if it has none', () => {
    assert.deepEqual(networkSettings(from({})), {
      strictTls: true,
      extraCertificates: [],
      noProxy: [],
      useEnvironment: true,
    });
    assert.deepEqual(
      networkSettings(
        from({
          proxy: ' http://proxy:3128 ',
          noProxy: ['intern', 7],
          proxyStrictSSL: false,
          proxyAuthorization: 'Basic x',
        }),
      ),
      {
        strictTls: false,
        extraCertificates: [],
        noProxy: ['intern'],
        proxyUrl: 'http://proxy:3128',
        proxyAuthorization: 'Basic x',
      },
    );
  });

  it('no proxy is used if VS Code turns it off', () => {
    assert.deepEqual(networkSettings(from({ proxySupport: 'off', proxy: 'http://proxy:3128' })), {
      strictTls: true,
      extraCertificates: [],
      noProxy: [],
    });
  });
});
