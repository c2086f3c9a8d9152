import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { defaultUser } from '../server/signing/users.ts';
import { withoutAsking } from './support/largeDownload.ts';
import { answerSignIn, signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';
import { spaced } from './support/spaced.ts';

describe('bad input', () => {
  const oss = useOssServer();
  const editor = useEditor(() => signedIn(oss().url, withoutAsking));

  beforeEach(() => editor().workbench.notifications.clearAll());

  afterEach('nothing is written', () => {
    const downloads = path.join(editor().homeFolder, 'downloads');
    assert.deepEqual(existsSync(downloads) ? readdirSync(downloads) : [], []);
  });

  const paths: readonly (readonly [what: string, path: string, sentence: string, inLog: RegExp])[] = [
    [
      'a bucket that is not there',
      'oss://no-such-bucket/a.txt',
      'There is no bucket no-such-bucket. Check its name.',
      /bucket\/notFound \(HTTP 404, Code NoSuchBucket, EC 0015-00000101, RequestId [0-9A-F]{24}\)/,
    ],
    [
      'an object that is not there',
      'oss://sample-text/no-such.txt',
      'oss://sample-text/no-such.txt does not exist. It may have been deleted: refresh the view.',
      /object\/notFound \(HTTP 404, Code NoSuchKey, EC 0026-00000001, RequestId [0-9A-F]{24}\)/,
    ],
    [
      'a path without a bucket',
      'oss:///readme.txt',
      'Not a path of an OSS object: oss:///readme.txt. It looks like oss://bucket/folder/file.txt.',
      /input\/invalidPath/,
    ],
    [
      'a path that is nonsense',
      'oss://?%zz\\',
      'Not a path of an OSS object: oss://?%zz\\. It looks like oss://bucket/folder/file.txt.',
      /input\/invalidPath/,
    ],
  ];
  for (const [what, typed, sentence, inLog] of paths) {
    it(`${what} is answered with one sentence`, async () => {
      const { workbench } = editor();
      await workbench.runCommand('OSS: Download');
      await workbench.quickInput.answer('Choose an object, or type oss://bucket/key', typed);
      await workbench.notifications.waitForOnly(sentence);
      assert.match(editor().extensionLog(), inLog);
    });
  }

  it('a missing bucket is not added', async () => {
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    await workbench.runCommand('OSS: Add Bucket by Name…');
    await workbench.quickInput.answer('Name of the bucket', 'Not A Bucket!');
    await workbench.quickInput.answer(
      'A bucket name has 3 to 63 lower-case letters, digits and hyphens.',
      'no-such-bucket',
    );
    assert.match(
      await workbench.dialog.text(),
      spaced(
        /The bucket no-such-bucket cannot be listed/,
        /There is no bucket no-such-bucket\. Check its name\./,
        /HTTP 404, Code NoSuchBucket, EC 0015-00000101, RequestId [0-9A-F]{24}/,
      ),
    );
    await workbench.dialog.click('The bucket no-such-bucket cannot be listed', 'Cancel');
    assert(!(await workbench.tree('Buckets').labels()).includes('no-such-bucket'));
  });

  it('an invalid endpoint is reported while it is typed, an unresolvable name afterwards', async () => {
    const { workbench } = editor();
    const { quickInput } = workbench;
    await workbench.runCommand('OSS: Add Profile…');
    await quickInput.answer('A name for this profile', 'lost');
    await quickInput.pick('How do you sign in?', 'AccessKey');
    await quickInput.pick('Region', 'Custom endpoint…');
    await quickInput.answer('Endpoint', 'htp:/nonsense?');
    await quickInput.answer(
      'Not an endpoint: htp:/nonsense?. It looks like https://oss-cn-hangzhou.aliyuncs.com.',
      'http://oss.no-such-host.invalid',
    );
    await quickInput.pick('This endpoint is not encrypted', 'Use http all the same');
    await quickInput.pick('How does a request to this endpoint name its bucket?', 'bucket.host/key');
    await quickInput.answer('Region ID that requests to this endpoint are signed for', 'cn-hangzhou');
    await quickInput.answer('AccessKey ID', 'any');
    await quickInput.answer('AccessKey secret', 'any');
    await quickInput.answer('Security token', '');
    assert.match(
      await workbench.dialog.text(),
      spaced(
        /Signing in with lost failed/,
        /The name of oss\.no-such-host\.invalid cannot be resolved\./,
        /Check the endpoint, the network and the proxy\./,
      ),
    );
    await workbench.dialog.click('Signing in with lost failed', 'Cancel');
    assert.match(editor().extensionLog(), /network\/nameNotResolved/);
  });

  it('a user who may not list buckets can add them by name', async () => {
    const { workbench } = editor();
    const limited = {
      accessKeyId: 'limited-key',
      accessKeySecret: 'limited-secret',
      rights: [
        { action: 'list', bucket: 'sample-text' },
        { action: 'read', bucket: 'sample-text' },
      ],
    } as const;
    oss().settings.users = [defaultUser, limited];
    await workbench.runCommand('OSS: Add Profile…');
    await answerSignIn(workbench, { name: 'limited', endpoint: oss().url, ...limited });
    await workbench.notifications.waitFor('Signed in with limited. It may not list buckets: add them by name.');
    const buckets = workbench.tree('Buckets');
    await buckets.expand('limited');
    await buckets.click('This profile may not list buckets. Add a bucket by its name.');
    await workbench.quickInput.answer('Name of the bucket', 'sample-text');
    await workbench.tree('Buckets').expand('sample-text');
    await workbench.tree('Buckets').waitForItem('readme.txt');
    assert.match(
      editor().extensionLog(),
      /auth\/accessDenied \(HTTP 403, Code AccessDenied,.*RequestId [0-9A-F]{24}\)/,
    );
  });
});
