import assert from 'node:assert/strict';
import { waitFor } from '../../scripts/support/waitFor.ts';
import { hundredMebibytes, LargeDownload, oneGibibyte, withoutAsking } from './support/largeDownload.ts';
import { signedIn } from './support/signIn.ts';
import { useEditor } from './support/useEditor.ts';
import { useOssServer } from './support/useOssServer.ts';

const mebibyte = 1024 ** 2;
/** The least contrast of text that is not large, as WCAG 2.2 (1.4.3) wants it. */
const readable = 4.5;

describe('the Downloads view', function () {
  this.timeout(180_000);
  const oss = useOssServer();
  before(() => {
    const bucket = oss().store.addBucket('sample-mixed');
    for (const name of ['first.txt', 'second.txt', 'third.txt', 'fourth.txt'])
      bucket.put(`mixed/${name}`, { text: name });
  });
  const editor = useEditor(() => signedIn(oss().url, withoutAsking));
  const startDownload = async (path: string): Promise<void> => {
    const { workbench } = editor();
    await workbench.runCommand('OSS: Download');
    await workbench.quickInput.answer('Choose an object, or type oss://bucket/key', path);
  };

  it('the Downloads view is legible in light, dark and high contrast, and accessible to screen readers', async () => {
    const { workbench, page } = editor();
    const downloads = workbench.tree('Downloads');
    await workbench.openContainer('OSS Downloader');
    oss().faults.add({
      match: { bucket: 'sample-mixed', key: 'mixed/third.txt' },
      action: { kind: 'error', status: 403, code: 'AccessDenied' },
    });
    await startDownload('oss://sample-mixed/mixed/');
    await downloads.waitForDescription('mixed', '1 of 4 failed');
    await startDownload('oss://sample-text/readme.txt');
    await downloads.waitForDescription('readme.txt', '59 B');
    oss().settings.bytesPerSecond = mebibyte;
    const paused = new LargeDownload(hundredMebibytes, oss(), editor());
    await startDownload(`oss://sample-large/${hundredMebibytes.name}`);
    await paused.waitForBytes(4 * mebibyte);
    await downloads.contextMenu(hundredMebibytes.name, 'Pause Download');
    await downloads.waitForDescription(hundredMebibytes.name, /^Paused at \d+%$/);
    await startDownload(`oss://sample-large/${oneGibibyte.name}`);
    await downloads.waitForDescription(oneGibibyte.name, / left$/);
    await downloads.expand('mixed');

    for (const [theme, kind] of [
      ['Light Modern', 'vs'],
      ['Dark Modern', 'vs-dark'],
      ['Light High Contrast', 'hc-light'],
      ['Dark High Contrast', 'hc-black'],
    ] as const) {
      await workbench.runCommand('Preferences: Color Theme');
      await workbench.quickInput.waitForPrompt('Select Color Theme');
      await workbench.quickInput.fill(theme);
      await workbench.quickInput.pickRow(theme);
      await waitFor(`the theme ${theme}`, async () => page.locator(`.monaco-workbench.${kind}`).isVisible());
      await editor().screenshot(`the Downloads view - ${theme}`);
      for (const row of ['mixed', 'readme.txt', hundredMebibytes.name, 'third.txt']) {
        const contrast = await contrastOf(row);
        assert.ok(contrast >= readable, `${row} in ${theme}: ${contrast.toFixed(1)}`);
      }
    }
    const spoken = async (row: string): Promise<string> => (await downloads.item(row).getAttribute('aria-label')) ?? '';
    assert.match(await spoken('mixed'), /mixed.*1 of 4 failed/);
    assert.match(await spoken('third.txt'), /third\.txt.*Failed/);
    assert.match(await spoken(hundredMebibytes.name), /hundred-mebibytes\.bin.*Paused at/);
    assert.match(await spoken(oneGibibyte.name), /one-gibibyte\.bin.*left/);
  });

  /** Contrast of the name of a row with its background. */
  async function contrastOf(row: string): Promise<number> {
    const name = editor().workbench.tree('Downloads').item(row).locator('.label-name').first();
    const [text, background] = await name.evaluate(coloursInPage);
    const [brighter = 1, darker = 1] = [text, background].map(luminance).sort((a, b) => b - a);
    return (brighter + 0.05) / (darker + 0.05);
  }
});

/** Relative luminance of `rgb(r, g, b)`, as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((value) => {
    const part = Number(value) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

interface PageElement {
  readonly parentElement: PageElement | null;
}

/** The parts of the global scope of the page that are used there. */
interface PageScope {
  getComputedStyle(element: PageElement): { readonly color: string; readonly backgroundColor: string };
}

/** Runs in the page. @returns the colours of the text of an element and of its background */
function coloursInPage(element: PageElement): readonly [string, string] {
  const page = globalThis as unknown as PageScope; // in the page it is
  const backgroundOf = (each: PageElement): string => page.getComputedStyle(each).backgroundColor;
  let behind: PageElement | null = element;
  while (behind !== null && /^rgba\(.*, 0\)$|^transparent$/.test(backgroundOf(behind))) behind = behind.parentElement;
  return [page.getComputedStyle(element).color, behind === null ? 'rgb(255, 255, 255)' : backgroundOf(behind)];
}
