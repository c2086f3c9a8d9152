import assert from 'node:assert/strict';
import { objectCommandIds, lazyCommands } from '../../../../src/vscode/bundles/lazyCommands.ts';

describe('commands whose code is loaded when it is first needed', () => {
  it('are loaded with the first call, once, and get what they were called with', async () => {
    let loads = 0;
    const called: unknown[] = [];
    const handlers = lazyCommands(['ossDownloader.copyUrl', 'ossDownloader.downloadFromUrl'], () => {
      loads += 1;
      return {
        'ossDownloader.copyUrl': (...args) => void called.push(args),
        'ossDownloader.downloadFromUrl': (...args) => Promise.resolve(void called.push(args)),
      };
    });
    assert.equal(loads, 0);
    await handlers['ossDownloader.copyUrl']('oss://bucket/key', []);
    await handlers['ossDownloader.downloadFromUrl']('https://host/a');
    assert.deepEqual([loads, called], [1, [['oss://bucket/key', []], ['https://host/a']]]);
  });

  it('are tried again after their code could not be loaded', async () => {
    let loads = 0;
    const handlers = lazyCommands(['ossDownloader.copyUrl'], () => {
      loads += 1;
      if (loads === 1) throw new Error('no such file');
      return { 'ossDownloader.copyUrl': () => undefined };
    });
    assert.throws(() => void handlers['ossDownloader.copyUrl'](), /no such file/);
    await handlers['ossDownloader.copyUrl']();
    assert.equal(loads, 2);
  });

  it('are named once each', () => {
    assert.equal(new Set<string>(objectCommandIds).size, objectCommandIds.length);
  });
});
