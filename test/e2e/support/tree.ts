import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../../scripts/support/waitFor.ts';
import { chooseFromMenu } from './menu.ts';

/** A view in the side bar that shows a tree, named by its title. Rows are named by their visible label, exactly. */
export class Tree {
  readonly #page: Page;
  readonly #pane: Locator;

  constructor(page: Page, title: string) {
    this.#page = page;
    this.#pane = page
      .locator('.pane')
      .filter({ has: page.locator('.pane-header .title').getByText(title, { exact: true }) });
  }

  /** The row; it is in the page only while it is in sight, since long trees are drawn in part. */
  item(label: string): Locator {
    return this.#pane
      .getByRole('treeitem')
      .filter({ has: this.#page.locator('.label-name').getByText(label, { exact: true }) })
      .first();
  }

  /** The rows in sight, by their labels. */
  async labels(): Promise<string[]> {
    return this.#pane.getByRole('treeitem').locator('.monaco-icon-label-container .label-name').allInnerTexts();
  }

  /** The text right of the label, such as size and date; empty where there is none. */
  async description(label: string): Promise<string> {
    await this.waitForItem(label);
    return (await this.item(label).locator('.label-description').allInnerTexts()).join('');
  }

  /** Waits until the row says so; it follows what happens by a moment. @throws Error with what it says instead */
  async waitForDescription(label: string, expected: string | RegExp, limitMs = 30_000): Promise<void> {
    let said = '';
    const isAsExpected = async (): Promise<boolean> => {
      said = await this.description(label);
      return typeof expected === 'string' ? said === expected : expected.test(said);
    };
    await waitFor(`"${label}" to say ${String(expected)}`, isAsExpected, { limitMs }).catch((error: unknown) => {
      throw new Error(`It says "${said}".`, { cause: error });
    });
  }

  async waitForItem(label: string, limitMs = 30_000): Promise<void> {
    await this.item(label).waitFor({ timeout: limitMs });
  }

  /** Opens a row. Its children may come later: wait for them by name. */
  async expand(label: string): Promise<void> {
    await this.#toggle(label, true);
  }

  async collapse(label: string): Promise<void> {
    await this.#toggle(label, false);
  }

  /** Clicks the row's label, with `Control` or `Shift` held where several are to be selected. */
  async click(label: string, ...modifiers: ('Control' | 'Shift')[]): Promise<void> {
    await this.item(label).locator('.label-name').first().click({ modifiers });
  }

  /** Turns the wheel until the row is in sight, downwards. */
  async scrollTo(label: string): Promise<void> {
    await this.#pane.getByRole('tree').hover();
    await waitFor(
      `"${label}" to come in sight`,
      async () => {
        if ((await this.item(label).count()) > 0) return true;
        await this.#page.mouse.wheel(0, 300);
        return false;
      },
      { limitMs: 60_000 },
    );
    await this.item(label).scrollIntoViewIfNeeded();
  }

  /** Goes to the last row by the keyboard: the fastest way through a long tree. */
  async scrollToEnd(): Promise<void> {
    await this.#pane.getByRole('tree').focus();
    await this.#page.keyboard.press('End');
  }

  /** Clicks a button that a row shows while the pointer is over it. */
  async inlineAction(label: string, action: string): Promise<void> {
    await this.item(label).hover();
    await this.item(label).getByRole('button', { name: action }).click();
  }

  async contextMenu(label: string, action: string): Promise<void> {
    await chooseFromMenu(
      this.#page,
      () => this.item(label).locator('.label-name').first().click({ button: 'right' }),
      action,
    );
  }

  /** Clicks a button in the view's title bar, which shows while the pointer is over the view. */
  async titleAction(action: string): Promise<void> {
    await this.#pane.hover();
    await this.#pane.locator('.pane-header').getByRole('button', { name: action }).click();
  }

  /** Chooses from the "…" menu of the view's title bar. */
  async titleMenu(action: string): Promise<void> {
    await chooseFromMenu(this.#page, () => this.titleAction('More Actions'), action);
  }

  /** The text of an empty view with its links and buttons. */
  welcome(): Locator {
    return this.#pane.locator('.welcome-view-content');
  }

  async #toggle(label: string, open: boolean): Promise<void> {
    const item = this.item(label);
    await waitFor(
      `"${label}" to ${open ? 'open' : 'close'}`,
      async () => {
        if ((await item.getAttribute('aria-expanded')) === String(open)) return true;
        await item.locator('.monaco-tl-twistie').click();
        return false;
      },
      { limitMs: 30_000, everyMs: 500 },
    );
  }
}
