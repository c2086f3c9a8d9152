import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from '../../scripts/support/waitFor.ts';
import type { OssServer } from '../server/ossServer.ts';
import { callCommand, fileArrives } from './support/callCommand.ts';
import { useSignedIn } from './support/useSignedIn.ts';

const dayMs = 86_400_000;

describe('commands for URLs, versions and archived objects', () => {
  const signedIn = useSignedIn({ docs: {}, versions: { versioning: 'Enabled' }, cold: { storageClass: 'Archive' } });
  const inFolder = (name: string): string => path.join(signedIn().folder, name);
  const copied = async (command: string, ...args: readonly unknown[]): Promise<string> => {
    await callCommand(command, ...args);
    return vscode.env.clipboard.readText();
  };
  let oss: OssServer;

  before(() => {
    ({ oss } = signedIn());
    oss.store.bucket('docs').put('a/报告 1.txt', { text: 'report' });
    oss.store.bucket('docs').put('a/late.txt', { text: 'late' });
    oss.store.bucket('cold').put('frozen.txt', { text: 'frozen' });
  });

  it('copyUrl copies the plain URL of an object', async () => {
    assert.equal(await copied('copyUrl', 'oss://docs/a/late.txt'), `${oss.url}/docs/a/late.txt`);
  });

  it('copySignedUrl gives a URL that downloadFromUrl can download', async () => {
    const url = await copied('copySignedUrl', 'oss://docs/a/报告 1.txt', undefined, 600);
    assert.match(url, /x-oss-expires=600&.*x-oss-signature=/);
    await callCommand('downloadFromUrl', url);
    await fileArrives(inFolder('报告 1.txt'));
    assert.equal(readFileSync(inFolder('报告 1.txt'), 'utf8'), 'report');
  });

  it('enterNewUrl continues a download that waits because its URL expired', async () => {
    const url = await copied('copySignedUrl', 'oss://docs/a/late.txt', undefined, 600);
    oss.settings.clockOffsetMs = dayMs;
    oss.requests.clear();
    await callCommand('downloadFromUrl', url);
    await waitFor('the URL to be refused', () =>
      oss.requests.of('docs', 'a/late.txt', 'GET').some(({ status }) => status === 403),
    );
    oss.settings.clockOffsetMs = 0;
    await callCommand(
      'enterNewUrl',
      undefined,
      undefined,
      await copied('copySignedUrl', 'oss://docs/a/late.txt', undefined, 900),
    );
    await fileArrives(inFolder('late.txt'));
    assert.equal(readFileSync(inFolder('late.txt'), 'utf8'), 'late');
  });

  it('downloadFromUrl reports invalid input to the user, and sends no request', async () => {
    oss.requests.clear();
    for (const nonsense of [
      'hello',
      'oss://docs/a/late.txt',
      'ftp://127.0.0.1/x',
      `${oss.url.replace('://', '://user:secret@')}/docs/a`,
    ]) {
      await callCommand('downloadFromUrl', nonsense);
    }
    assert.deepEqual(oss.requests.entries, []);
  });

  it('download accepts one version of an object', async () => {
    const store = oss.store.bucket('versions');
    const { versionId } = store.put('k.txt', { text: 'first' });
    store.put('k.txt', { text: 'second' });
    await callCommand('download', { profile: 'local', bucket: 'versions', key: 'k.txt', versionId });
    await fileArrives(inFolder('k.txt'));
    assert.equal(readFileSync(inFolder('k.txt'), 'utf8'), 'first');
  });

  it('restoreAndDownload waits for the restore and starts by itself', async () => {
    oss.requests.clear();
    await callCommand('restoreAndDownload', { profile: 'local', bucket: 'cold', key: 'frozen.txt' }, undefined, 1);
    await waitFor('the download to be refused once', () =>
      oss.requests.of('cold', 'frozen.txt', 'GET').some(({ status }) => status === 403),
    );
    assert.equal(existsSync(inFolder('frozen.txt')), false);
    oss.settings.clockOffsetMs = 2 * 60_000;
    await waitFor('the file', () => existsSync(inFolder('frozen.txt')), { limitMs: 50_000 });
    assert.equal(readFileSync(inFolder('frozen.txt'), 'utf8'), 'frozen');
    oss.settings.clockOffsetMs = 0;
  });
});
