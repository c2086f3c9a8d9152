import * as vscode from 'vscode';
import type { TransferLimits } from '../../download/model.ts';
import type { NetworkSettings } from '../../oss/networkSettings.ts';
import { configurationSection } from '../ids.ts';
import { networkSettings } from './proxySettings.ts';
import { settingValue, transferLimits, userScopeOnly } from './settingValues.ts';
import type { SettingKey, SettingValues } from './settingValues.ts';

/** Settings that decide where credentials are sent: workspace values are ignored, whatever the declared scope. */
const userScopeSettings: readonly SettingKey[] = ['profiles', 'defaultProfile', 'network.caFile'];

export function readSetting<Key extends SettingKey>(key: Key): SettingValues[Key] {
  return settingValue(
    key,
    userScopeSettings.includes(key) ? userScopeOnly(vscode.workspace.getConfiguration(configurationSection)) : own(),
  );
}

export function readLimits(): TransferLimits {
  return transferLimits(own());
}

export function readNetwork(): NetworkSettings {
  return networkSettings(userScopeOnly(vscode.workspace.getConfiguration('http')), readSetting('network.caFile'));
}

/** Writes to the user's settings, never to a workspace's. */
export async function writeSetting(key: SettingKey, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration(configurationSection).update(key, value, vscode.ConfigurationTarget.Global);
}

/** Calls `listener` after a change in one of `sections`, such as `ossDownloader.transfer` or `http`. */
export function onSettingsChange(sections: readonly string[], listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (sections.some((section) => event.affectsConfiguration(section))) {
      listener();
    }
  });
}

function own(): (key: string) => unknown {
  const configuration = vscode.workspace.getConfiguration(configurationSection);
  return (key) => configuration.get<unknown>(key);
}
