import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../../scripts/support/waitFor.ts';

/** A message that has not come to the corner after this time is looked for in the notification centre too. */
const cornerMs = 3000;
/** A step on a message that has just gone ends after this time; the message is then looked for again. */
const stepMs = 2000;

/**
 * The messages of one window, wherever they are. VS Code shows at most three at once as toasts in the corner, none that
 * follows three others within 800 ms each, and hides information after 10 s. The notification centre, behind the bell
 * in the status bar, has all of them; while it is open there are no toasts.
 */
export class Notifications {
  readonly #page: Page;
  readonly #items: Locator;
  readonly #centre: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#items = page
      .locator('.notifications-toasts .notification-list-item, .notifications-center .notification-list-item')
      .filter({ visible: true });
    this.#centre = page.locator('.notifications-center.visible');
  }

  /** Waits for the message that contains `text`. @returns its whole text */
  async waitFor(text: string | RegExp, limitMs = 30_000): Promise<string> {
    const found = await this.#withMessage(text, limitMs, textOf);
    await this.#closeCentre();
    return found;
  }

  /** Clicks a button of the message, once it is there. */
  async click(text: string | RegExp, button: string): Promise<void> {
    // The centre stays open if other messages are in it: the button may have opened a box, which closes when it loses
    // the focus.
    await this.#withMessage(text, 30_000, async (message) => {
      await message.hover({ timeout: stepMs });
      await message.getByRole('button', { name: button, exact: true }).click({ timeout: stepMs });
      return true;
    });
  }

  /** Waits until no message contains `text`. */
  async waitUntilGone(text: string | RegExp, limitMs = 30_000): Promise<void> {
    await this.#waitForAll(`"${String(text)}" to go`, limitMs, async () => !(await this.#message(text).isVisible()));
  }

  /** Waits until `text` is the whole text of the only message. */
  async waitForOnly(text: string): Promise<void> {
    await this.#waitForAll(`no message but "${text}"`, 30_000, async () => {
      const texts = await this.#texts();
      return texts.length === 1 && texts[0] === text;
    });
  }

  /** The texts of all messages. */
  async all(): Promise<readonly string[]> {
    await this.#openCentre();
    const texts = await this.#texts();
    await this.#closeCentre();
    return texts;
  }

  /**
   * Closes all messages, so that the next one of the same words is a new one. A progress is waited for until it ends.
   */
  async clearAll(): Promise<void> {
    const clear = this.#centre.locator('.codicon-notifications-clear-all');
    await this.#waitForAll('the messages to go', 30_000, async () => {
      if ((await this.#items.count()) === 0) return true;
      await clear.click({ timeout: stepMs }).catch(() => undefined);
      return false;
    });
  }

  #message(text: string | RegExp): Locator {
    return this.#items.filter({ hasText: text }).first();
  }

  #texts(): Promise<string[]> {
    return this.#items.locator('.notification-list-item-message').allInnerTexts();
  }

  /**
   * Waits for a message and does something with it, again where it moved or went away meanwhile. @returns what `use`
   * returns
   */
  async #withMessage<T>(text: string | RegExp, limitMs: number, use: (message: Locator) => Promise<T>): Promise<T> {
    const message = this.#message(text);
    const start = performance.now();
    let failure: unknown;
    const find = async (): Promise<{ readonly value: T } | undefined> => {
      if (await message.isVisible()) {
        return use(message).then(
          (value) => ({ value }),
          (error: unknown) => {
            failure = error;
            return undefined;
          },
        );
      }
      if (performance.now() - start > cornerMs) await this.#openCentre();
      return undefined;
    };
    try {
      return (await waitFor(`the message "${String(text)}"`, find, { limitMs })).value;
    } catch (error) {
      const texts = await this.all().catch(() => []);
      throw new Error(`${String(error)} There are: ${JSON.stringify(texts)}`, { cause: failure ?? error });
    }
  }

  /** Waits for something that all messages together show, with the centre open. */
  async #waitForAll(what: string, limitMs: number, look: () => Promise<boolean>): Promise<void> {
    await waitFor(
      what,
      async () => {
        await this.#openCentre();
        return look();
      },
      { limitMs },
    );
    await this.#closeCentre();
  }

  /**
   * By keys, since the hover of what is under the mouse may lie over the bell. The centre closes by itself when its
   * last message goes.
   */
  async #openCentre(): Promise<void> {
    await waitFor('the notification centre to open', async () => {
      if (await this.#centre.isVisible()) return true;
      await this.#page.keyboard.press('Control+K');
      await this.#page.keyboard.press('Control+Shift+N');
      return false;
    });
  }

  async #closeCentre(): Promise<void> {
    await waitFor('the notification centre to close', async () => {
      if (!(await this.#centre.isVisible())) return true;
      await this.#page.keyboard.press('Escape');
      return false;
    });
  }
}

function textOf(message: Locator): Promise<string> {
  return message.locator('.notification-list-item-message').innerText({ timeout: stepMs });
}
