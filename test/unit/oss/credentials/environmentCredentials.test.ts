import assert from 'node:assert/strict';
import { environmentCredentials } from '../../../../src/oss/credentials/environmentCredentials.ts';

describe('credentials from the environment', () => {
  it('are there when both parts of the key are, with the token where there is one', () => {
    assert.deepEqual(environmentCredentials({ OSS_ACCESS_KEY_ID: ' id ', OSS_ACCESS_KEY_SECRET: 'secret\n', OSS_SESSION_TOKEN: '' }), { accessKeyId: 'id', accessKeySecret: 'secret' });
    assert.deepEqual(environmentCredentials({ OSS_ACCESS_KEY_ID: 'id', OSS_ACCESS_KEY_SECRET: 'secret', OSS_SESSION_TOKEN: 'token' }), { accessKeyId: 'id', accessKeySecret: 'secret', securityToken: 'token' });
    assert.equal(environmentCredentials({ OSS_ACCESS_KEY_ID: 'id' }), undefined);
    assert.equal(environmentCredentials({ OSS_ACCESS_KEY_ID: '  ', OSS_ACCESS_KEY_SECRET: 'secret' }), undefined);
    assert.equal(environmentCredentials({}), undefined);
  });
});
