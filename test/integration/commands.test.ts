import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { expectedBytes } from '../server/objects/seededObject.ts';
import type { OssServer } from '../server/ossServer.ts';
import { callCommand, fileArrives } from './support/callCommand.ts';
import { ownSettings, useSignedIn } from './support/useSignedIn.ts';

const mebibyte = 1024 ** 2;

describe('commands called with arguments, as by other extensions, tasks and key bindings', () => {
  const signedIn = useSignedIn({ docs: {} });
  const inFolder = (...names: string[]): string => path.join(signedIn().folder, ...names);
  let oss: OssServer;

  before(() => {
    ({ oss } = signedIn());
    const docs = oss.store.bucket('docs');
    docs.put('a/readme.txt', { text: 'read me' });
    docs.put('a/notes.txt', { text: 'notes' });
    docs.put('big.bin', { seed: 5, sizeBytes: 40 * mebibyte });
  });

  it('download accepts an oss:// path', async () => {
    await callCommand('download', 'oss://docs/a/readme.txt');
    await fileArrives(inFolder('readme.txt'));
    assert.equal(readFileSync(inFolder('readme.txt'), 'utf8'), 'read me');
  });

  it('download accepts objects of a named profile', async () => {
    await callCommand('download', [{ profile: 'local', bucket: 'docs', key: 'a/notes.txt' }]);
    await fileArrives(inFolder('notes.txt'));
  });

  it('downloadHere accepts a folder and an oss:// path', async () => {
    await callCommand('downloadHere', vscode.Uri.file(inFolder('here')), undefined, 'oss://docs/a/readme.txt');
    await fileArrives(inFolder('here/readme.txt'));
  });

  it('download reports invalid input to the user, does not throw it, and sends no request', async () => {
    oss.requests.clear();
    for (const nonsense of ['https://example.com/a', 'oss:///docs', 42, { bucket: 'docs' }]) {
      await callCommand('download', nonsense);
    }
    assert.deepEqual(oss.requests.entries, []);
  });

  it('pauseAll, resumeAll and clearFinished act on a running download', async () => {
    oss.settings.bytesPerSecond = 2 * mebibyte;
    await callCommand('download', 'oss://docs/big.bin');
    await waitFor('some bytes', () => sent(oss) > 4 * mebibyte, { limitMs: 20_000 });
    await callCommand('pauseAll');
    assert(existsSync(inFolder('big.bin.ossdownload')));
    await waitFor('the connections to end', () => oss.requests.entries.every(({ outcome }) => outcome !== 'open'));
    oss.settings.bytesPerSecond = 0;
    await callCommand('resumeAll');
    await fileArrives(inFolder('big.bin'));
    assert(readFileSync(inFolder('big.bin')).equals(expectedBytes(5, 0, 40 * mebibyte)));
    await callCommand('clearFinished');
  });

  it('exportReport writes the report of a folder as CSV or JSON, by the name of the file', async () => {
    await callCommand('download', 'oss://docs/a/');
    await waitFor(
      'the folder',
      () => existsSync(inFolder('a', 'notes.txt')) && existsSync(inFolder('a', 'readme.txt')),
      { limitMs: 20_000 },
    );
    const [csv, json] = [vscode.Uri.file(inFolder('report.csv')), vscode.Uri.file(inFolder('report.json'))];
    const read = (): {
      readonly batches: readonly { readonly label: string; readonly state: string; readonly done: number }[];
    } => {
      return JSON.parse(readFileSync(json.fsPath, 'utf8')) as ReturnType<typeof read>;
    };
    const batch = await waitFor('the end of it', async () => {
      await callCommand('exportReport', undefined, undefined, json);
      return read().batches.find(({ label, state }) => label === 'oss://docs/a/' && state === 'finished');
    });
    assert.equal(batch.done, 2);
    await callCommand('exportReport', undefined, undefined, csv);
    assert.match(readFileSync(csv.fsPath, 'utf8'), /^\uFEFFrecord,label,[^]*\r\n"batch","oss:\/\/docs\/a\/",/);
    await callCommand('clearFinished');
  });

  it('limitSpeed accepts a number of MB per second, and 0 for no limit', async () => {
    await callCommand('limitSpeed', 2.5);
    assert.equal(ownSettings().get('transfer.bandwidthLimit'), 2.5);
    await callCommand('limitSpeed', 'fast');
    assert.equal(ownSettings().get('transfer.bandwidthLimit'), 2.5);
    await callCommand('limitSpeed', 0);
    assert.equal(ownSettings().inspect('transfer.bandwidthLimit')?.globalValue, undefined);
  });

  it('copyPath copies the path that it gets', async () => {
    await callCommand('copyPath', 'oss://docs/a/readme.txt');
    assert.equal(await vscode.env.clipboard.readText(), 'oss://docs/a/readme.txt');
  });
});

/** Bytes of the large object that the server has sent. */
function sent(oss: OssServer): number {
  return oss.requests.of('docs', 'big.bin', 'GET').reduce((sum, { bodyBytes }) => sum + bodyBytes, 0);
}
