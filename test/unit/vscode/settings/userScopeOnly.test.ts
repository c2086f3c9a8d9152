import assert from 'node:assert/strict';
import { networkSettings } from '../../../../src/vscode/settings/proxySettings.ts';
import { userScopeOnly } from '../../../../src/vscode/settings/settingValues.ts';

type Values = Readonly<
  Partial<Record<'defaultValue' | 'globalValue' | 'workspaceValue' | 'workspaceFolderValue', unknown>>
>;

/** Merges values like the editor does for settings that a workspace may set. */
const configuration = (settings: Readonly<Record<string, Values>>) => ({
  inspect: (key: string): Values | undefined => settings[key],
  get: (key: string): unknown => {
    const { workspaceFolderValue, workspaceValue, globalValue, defaultValue } = settings[key] ?? {};
    return workspaceFolderValue ?? workspaceValue ?? globalValue ?? defaultValue;
  },
});

describe('settings that only the user controls', () => {
  it('a user setting or its default wins over any workspace or folder', () => {
    const read = userScopeOnly(
      configuration({
        set: { defaultValue: 'default', globalValue: 'user', workspaceValue: 'evil', workspaceFolderValue: 'evil' },
        unset: { defaultValue: 'default', workspaceValue: 'evil' },
        off: { defaultValue: true, globalValue: false, workspaceFolderValue: true },
        plain: { defaultValue: 'default', globalValue: 'user' },
      }),
    );
    assert.deepEqual(['set', 'unset', 'off', 'plain', 'unknown'].map(read), [
      'user',
      'default',
      false,
      'user',
      undefined,
    ]);
  });

  it('a workspace cannot set the proxy, its password, its exclusions, or the certificate checks', () => {
    const evil = {
      proxy: 'http://evil.example',
      proxyAuthorization: 'Basic ZXZpbA==',
      proxySupport: 'override',
      noProxy: ['*'],
      proxyStrictSSL: false,
    };
    const settings = Object.fromEntries(Object.entries(evil).map(([key, workspaceValue]) => [key, { workspaceValue }]));
    assert.deepEqual(
      networkSettings(userScopeOnly(configuration(settings))),
      networkSettings(() => undefined),
    );
  });
});
