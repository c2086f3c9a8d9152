import type { Locator, Page } from 'playwright-core';

/** The modal message box in the middle. */
export class Dialog {
  readonly #page: Page;
  readonly box: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.box = page.locator('.monaco-dialog-box');
  }

  /** Message and detail of the open box. */
  async text(): Promise<string> {
    await this.box.waitFor();
    return this.box.locator('.dialog-message-container').innerText();
  }

  /** Waits for a box that contains `text`, clicks its button and waits until it is gone. */
  async click(text: string | RegExp, button: string): Promise<void> {
    const box = this.#page.locator('.monaco-dialog-box').filter({ hasText: text });
    await box.waitFor();
    await box.getByRole('button', { name: button, exact: true }).click();
    await box.waitFor({ state: 'hidden' });
  }
}
