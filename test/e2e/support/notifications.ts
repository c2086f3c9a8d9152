import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../../scripts/support/waitFor.ts';

/** Messages in the corner: toasts, and the notification centre where it is open. */
export class Notifications {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The message that contains `text`; information leaves by itself after 10 s, and a fourth at once goes to the centre only. */
  message(text: string | RegExp): Locator {
    return this.#page
      .locator('.notifications-toasts .notification-list-item, .notifications-center .notification-list-item')
      .filter({ hasText: text })
      .first();
  }

  /** Waits for the message. @returns its whole text */
  async waitFor(text: string | RegExp, limitMs = 30_000): Promise<string> {
    const message = this.message(text);
    await message.waitFor({ timeout: limitMs });
    return message.locator('.notification-list-item-message').innerText();
  }

  /** Clicks a button of the message, once it is there. */
  async click(text: string | RegExp, button: string): Promise<void> {
    const message = this.message(text);
    await message.waitFor();
    await message.hover();
    await message.getByRole('button', { name: button, exact: true }).click();
  }

  /** Closes all messages, so that the next one of the same words is a new one. */
  async clearAll(): Promise<void> {
    const toasts = this.#page.locator('.notifications-toasts .notification-list-item');
    await waitFor('the messages to go', async () => {
      if ((await toasts.count()) === 0) return true;
      await toasts
        .first()
        .hover({ timeout: 2000 })
        .catch(() => undefined);
      await toasts
        .first()
        .locator('.codicon-notifications-clear')
        .click({ timeout: 2000 })
        .catch(() => undefined);
      return false;
    });
  }

  /** The texts of all messages in sight. */
  async texts(): Promise<string[]> {
    return this.#page.locator('.notification-list-item-message').allInnerTexts();
  }
}
