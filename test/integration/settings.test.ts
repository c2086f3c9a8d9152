import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { settingScopes } from '../support/settingScopes.ts';
import { contributions } from './support/ownExtension.ts';

describe('settings', () => {
  it('have the scopes that keep a workspace from what is not its own', () => {
    const properties = contributions().configuration.flatMap((section) => Object.entries(section.properties));
    assert.deepEqual(
      Object.fromEntries(properties.map(([key, { scope }]) => [key.replace('ossDownloader.', ''), scope])),
      settingScopes,
    );
  });

  it('have their documented defaults', () => {
    const configuration = vscode.workspace.getConfiguration();
    for (const [key, property] of contributions().configuration.flatMap(({ properties }) =>
      Object.entries(properties),
    )) {
      assert.deepEqual(configuration.get(key), property.default, key);
    }
  });
});
