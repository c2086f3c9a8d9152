import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectFolder } from '../../scripts/install.mjs';
import { hundredMebibytes, unhurried } from './support/largeDownload.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const manifest = texts('package.nls.zh-cn.json');
const bundle = texts('l10n/bundle.l10n.zh-cn.json');
const download = `OSS: ${manifest('command.download')}`;
const chooseObject = bundle('Choose an object, or type oss://bucket/key');

/**
 * Only the extension's own texts: the workbench around them needs its language pack, which is in the marketplace alone.
 */
describe('Simplified Chinese', () => {
  const oss = useOssServer();
  const editor = useEditor(() => ({ ...signedIn(oss().url, unhurried), language: 'zh-cn' }));

  it('views and rows have Chinese names', async () => {
    const { workbench } = editor();
    await workbench.openContainer('OSS Downloader');
    const buckets = workbench.tree('Bucket 列表');
    await buckets.expand('sample-folders');
    await buckets.expand('2500-files');
    await buckets.waitForItem('file-0000.txt');
    await buckets.waitForDescription('file-0000.txt', /^7 B · (现在|\d分钟前)$/);
    await buckets.scrollToEnd();
    await buckets.waitForItem('加载更多…');
    await workbench.tree('下载任务').welcome().getByText('下载任务会显示在此处。').waitFor();
  });

  it('progress, end and pause of a download are reported in Chinese', async () => {
    const { workbench } = editor();
    oss().settings.bytesPerSecond = 1024 ** 2;
    await workbench.runCommand(download);
    await workbench.quickInput.answer(chooseObject, `oss://sample-large/${hundredMebibytes.name}`);
    // Waits for a percentage at which the download can stop.
    await workbench.notifications.waitFor(/正在下载 hundred-mebibytes\.bin.*[1-9]\d*%/);
    await workbench.notifications.click(bundle('Downloading {0}', hundredMebibytes.name), 'Cancel');
    await workbench.notifications.waitFor(/已停止于 \d+%，已下载的数据会保留。/);
    await editor().screenshot('in Simplified Chinese - stopped');
    oss().settings.bytesPerSecond = 0;
    await workbench.notifications.click(/已停止于 \d+%/, bundle('Resume'));
    await workbench.notifications.waitFor(
      bundle('Downloaded {0} ({1}).', hundredMebibytes.name, hundredMebibytes.size),
    );
  });

  it('errors are reported in Chinese', async () => {
    const { workbench } = editor();
    await workbench.runCommand(download);
    await workbench.quickInput.answer(chooseObject, 'oss://no-such-bucket/a.txt');
    await workbench.notifications.waitFor(bundle('There is no bucket {0}. Check its name.', 'no-such-bucket'));
  });

  it('the profile form is in Chinese', async () => {
    const { workbench } = editor();
    await workbench.runCommand(`OSS: ${manifest('command.addProfile')}`);
    await workbench.quickInput.answer(bundle('A name for this profile'), 'local');
    await workbench.quickInput.waitForPrompt(bundle('There is already a profile {0}.', 'local'));
    await editor().screenshot('in Simplified Chinese - profile');
    await workbench.quickInput.answer(bundle('There is already a profile {0}.', 'local'), '工作');
    await workbench.quickInput.waitForPrompt(bundle('How do you sign in?'));
  });
});

/** The translations of one file, by key or by English text with its placeholders. */
function texts(file: string): (key: string, ...gaps: readonly string[]) => string {
  const all = JSON.parse(readFileSync(path.join(projectFolder, file), 'utf8')) as Readonly<Record<string, string>>;
  return (key, ...gaps) => {
    const text = all[key];
    assert(text !== undefined, `${file} has no ${key}`);
    return gaps.reduce((filled, gap, index) => filled.replace(`{${index}}`, gap), text);
  };
}
