import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../../scripts/support/waitFor.ts';

/** VS Code's one box at the top: command palette, pick lists, input boxes, and here the file dialogs too. */
export class QuickInput {
  readonly #page: Page;
  readonly #widget: Locator;
  readonly #input: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#widget = page.locator('.quick-input-widget');
    this.#input = this.#widget.locator('.quick-input-box input');
  }

  /** Waits until the box shows `prompt` as its title, placeholder, message or name for screen readers. */
  async waitForPrompt(prompt: string | RegExp): Promise<void> {
    await waitFor(`the question ${String(prompt)}`, () => this.#asks(prompt), { limitMs: 30_000 });
  }

  /** All that the box asks, line by line; empty while no box is open. */
  async prompt(): Promise<string> {
    if (!(await this.#widget.isVisible())) return '';
    const parts = [
      ...(await this.#widget.locator('.quick-input-title:visible, .quick-input-message:visible').allInnerTexts()),
      await this.#input
        .first()
        .getAttribute('placeholder', { timeout: 1000 })
        .catch(() => ''),
    ];
    return parts.filter(Boolean).join('\n');
  }

  /** Answers an input box once it asks `prompt`. */
  async answer(prompt: string | RegExp, text: string): Promise<void> {
    await this.waitForPrompt(prompt);
    await this.fill(text);
    await this.#page.keyboard.press('Enter');
  }

  /** Types into the box, whatever stood there before, without accepting it. */
  async fill(text: string): Promise<void> {
    // A box that has just opened may still set its own first text and overwrite what came too early.
    await waitFor(`the box to keep "${text}"`, async () => {
      await this.#input.fill(text);
      await this.#page.waitForTimeout(100);
      return (await this.#input.inputValue()) === text;
    });
  }

  /** Chooses the row whose label is exactly `label`, once the list asks `prompt`. */
  async pick(prompt: string | RegExp, label: string): Promise<void> {
    await this.waitForPrompt(prompt);
    await this.row(label).click();
  }

  /** Chooses a row once it is there, in a list that goes on asking the same. */
  async pickRow(label: string): Promise<void> {
    await this.row(label).click();
  }

  /** Ticks rows of a list with boxes and accepts. */
  async pickMany(prompt: string | RegExp, labels: readonly string[]): Promise<void> {
    await this.waitForPrompt(prompt);
    for (const label of labels) await this.row(label).locator('.monaco-checkbox').click();
    await this.#widget.locator('.quick-input-action .monaco-button').first().click();
  }

  /** A row by its exact label. */
  row(label: string): Locator {
    return this.#widget
      .locator('.monaco-list-row')
      .filter({ has: this.#page.locator('.label-name').getByText(label, { exact: true }) })
      .first();
  }

  /** The labels of the rows in sight. */
  async labels(): Promise<string[]> {
    return this.#widget.locator('.monaco-list-row .label-name').allInnerTexts();
  }

  /** Answers a dialog for folders. @param prompt its title */
  async answerFolderDialog(prompt: string | RegExp, folder: string): Promise<void> {
    await this.waitForPrompt(prompt);
    // Without the slash the first click on OK only goes there.
    await this.answerFileDialog(path.join(folder, '/'));
  }

  /**
   * Answers an open or save dialog, which is a box with a path in it, by its OK button. The next question may open the
   * box again at once.
   */
  async answerFileDialog(file: string): Promise<void> {
    await waitFor('the file dialog', async () => (await this.#input.inputValue().catch(() => '')).startsWith('/'), {
      limitMs: 30_000,
    });
    await this.fill(file);
    await waitFor(
      `the dialog to take ${file}`,
      async () => {
        // While it still looks at what was typed, a dialog does nothing about the button.
        await this.#widget
          .locator('.quick-input-action .monaco-button')
          .first()
          .click({ timeout: 1000 })
          .catch(() => undefined);
        return (
          !(await this.#widget.isVisible()) ||
          this.#input.inputValue({ timeout: 1000 }).then(
            (value) => value !== file,
            () => true,
          )
        );
      },
      { limitMs: 30_000, everyMs: 1000 },
    );
  }

  async cancel(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.waitUntilClosed();
  }

  async waitUntilClosed(): Promise<void> {
    await this.#widget.waitFor({ state: 'hidden' });
  }

  async #asks(prompt: string | RegExp): Promise<boolean> {
    const shown = await this.prompt();
    return typeof prompt === 'string' ? shown.includes(prompt) : prompt.test(shown);
  }
}
