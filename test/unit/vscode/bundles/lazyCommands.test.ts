import assert from 'node:assert/strict';
import { objectCommandIds, lazyCommands } from '../../../../src/vscode/bundles/lazyCommands.ts';

describe('lazily loaded commands', () => {
  it('the first call loads the commands once and passes its arguments on', async () => {
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

  it('a failed load is retried by the next call', async () => {
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

  it('no command is named twice', () => {
    assert.equal(new Set<string>(objectCommandIds).size, objectCommandIds.length);
  });
});
