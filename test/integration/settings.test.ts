import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { settingScopes } from '../support/settingScopes.ts';
import { contributions } from './support/ownExtension.ts';

describe('settings', () => {
  it('settings have scopes that keep a workspace out of user decisions', () => {
    const properties = contributions().configuration.flatMap((section) => Object.entries(section.properties));
    assert.deepEqual(
      Object.fromEntries(properties.map(([key, { scope }]) => [key.replace('ossDownloader.', ''), scope])),
      settingScopes,
    );
  });

  it('settings have their documented defaults', () => {
    const configuration = vscode.workspace.getConfiguration();
    for (const [key, property] of contributions().configuration.flatMap(({ properties }) =>
      Object.entries(properties),
    )) {
      assert.deepEqual(configuration.get(key), property.default, key);
    }
  });
});
