import type { Frame, Locator, Page } from 'playwright-core';
import { waitFor } from '../../../scripts/support/waitFor.ts';

/** What is open in the middle of the window. */
export class EditorArea {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The tab of this name. */
  tab(name: string): Locator {
    return this.#page.locator(`.tabs-container .tab[data-resource-name=${JSON.stringify(name)}]`);
  }

  /** Waits until the text editor in front shows exactly, or something like, this. */
  async waitForText(text: string | RegExp): Promise<void> {
    await waitFor(
      `the editor to show ${String(text)}`,
      async () => {
        const shown = await this.text();
        return typeof text === 'string' ? shown === text : text.test(shown);
      },
      { limitMs: 30_000 },
    );
  }

  /** The lines of the text editor in front that are in sight. */
  async text(): Promise<string> {
    const lines = this.#page.locator('.editor-instance .monaco-editor .view-lines .view-line');
    // Lines stand in the page in the order in which they were drawn.
    // The types of the page are not those of this program: of its elements only what is named here is known.
    const drawn = await lines.evaluateAll((all) =>
      (all as unknown as readonly { readonly style: { readonly top: string }; readonly textContent: string }[]).map(
        ({ style, textContent }) => ({ top: Number.parseFloat(style.top), text: textContent }),
      ),
    );
    return drawn
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text.replaceAll('\u00a0', ' '))
      .join('\n');
  }

  /** Clicks into the text and types. */
  async type(text: string): Promise<void> {
    await this.#page.locator('.editor-instance .monaco-editor .view-lines').click();
    await this.#page.keyboard.type(text);
  }

  /** What the text editor says beside the cursor, such as why it cannot be written to. */
  overlay(): Locator {
    return this.#page.locator('.monaco-editor-overlaymessage');
  }

  /** What stands in the place of an editor that could not be opened. */
  placeholder(): Locator {
    return this.#page.locator('.monaco-editor-pane-placeholder');
  }

  /**
   * Waits until VS Code has noted that the editor of this name is open, as it does every few seconds: only then a
   * reload restores it.
   */
  async waitUntilNoted(name: string): Promise<void> {
    await waitFor(
      `VS Code to note that ${name} is open`,
      async () => (await this.#page.evaluate<string>(notedState)).includes(name),
      { limitMs: 60_000 },
    );
  }

  /** Width and height in pixels of the image that a viewer shows. */
  async imageSize(): Promise<readonly [number, number]> {
    let size: readonly [number, number] | undefined;
    await waitFor(
      'the image',
      async () => {
        for (const frame of this.#page.frames()) {
          size ??= await sizeOfImage(frame);
        }
        return size !== undefined;
      },
      { limitMs: 30_000 },
    );
    if (size === undefined) throw new Error('no image is shown');
    return size;
  }
}

async function sizeOfImage(frame: Frame): Promise<readonly [number, number] | undefined> {
  const images = frame.locator('body.image img');
  const sizes = await images
    .evaluateAll((all) =>
      all
        .map((image) => image as unknown as { naturalWidth: number; naturalHeight: number })
        .map(({ naturalWidth, naturalHeight }) => [naturalWidth, naturalHeight] as const),
    )
    .catch(() => []);
  return sizes.find(([width]) => width > 0);
}

/** Runs in the page: all that the window keeps of its workspace, as text. */
const notedState = `(async () => {
  const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const texts = [];
  for (const { name } of await indexedDB.databases()) {
    if (!name.startsWith('vscode-web-state-db-')) continue;
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      texts.push(...await settled(database.transaction(store).objectStore(store).getAll()));
    }
    database.close();
  }
  return texts.map(String).join('\\n');
})()`;
