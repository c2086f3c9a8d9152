import assert from 'node:assert/strict';
import type { LogLevel } from '../../../../src/base/logger.ts';
import { CredentialVault } from '../../../../src/vscode/profiles/secrets.ts';
import { MemoryBox } from '../support/memoryBox.ts';

const credentials = { accessKeyId: 'id', accessKeySecret: 'very-secret', securityToken: 'token' };

function rig() {
  const box = new MemoryBox();
  const logged: string[] = [];
  const vault = new CredentialVault(box, { log: (level: LogLevel, message) => logged.push(`${level} ${message}`) });
  return { box, vault, logged };
}

describe('CredentialVault', () => {
  it('saved credentials are returned, also after a restart', async () => {
    const { box, vault } = rig();
    assert.equal(await vault.save('work', credentials), 'stored');
    assert.deepEqual(await vault.load('work'), credentials);
    assert.deepEqual(await new CredentialVault(box, { log: () => undefined }).load('work'), credentials);
    await vault.remove('work');
    assert.equal(await vault.load('work'), undefined);
    assert.equal(box.kept.size, 0);
  });

  it('credentials stay for the session if secret storage fails, with a warning and no secret in the log', async () => {
    const { box, vault, logged } = rig();
    box.isBroken = true;
    assert.equal(await vault.save('work', credentials), 'memory');
    assert.deepEqual(await vault.load('work'), credentials);
    await vault.remove('work');
    assert.equal(await vault.load('work'), undefined);
    assert.match(logged.join('\n'), /no keyring/);
    assert.doesNotMatch(logged.join('\n'), /very-secret|token/);
  });

  it('saved credentials are used again once they can be stored', async () => {
    const { box, vault } = rig();
    box.isBroken = true;
    await vault.save('work', { ...credentials, accessKeyId: 'old' });
    box.isBroken = false;
    assert.equal(await vault.save('work', credentials), 'stored');
    assert.equal((await vault.load('work'))?.accessKeyId, 'id');
  });

  for (const garbage of [
    '',
    'no json with very-secret',
    'null',
    '[]',
    '{"accessKeyId":"id"}',
    '{"accessKeyId":1,"accessKeySecret":"s"}',
  ]) {
    it(`garbage in secret storage is ignored and not quoted: ${JSON.stringify(garbage)}`, async () => {
      const { box, vault, logged } = rig();
      await vault.save('work', credentials);
      for (const key of box.kept.keys()) box.kept.set(key, garbage);
      assert.equal(await vault.load('work'), undefined);
      assert.doesNotMatch(logged.join(''), /very-secret/);
    });
  }
});
