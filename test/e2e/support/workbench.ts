import type { Locator, Page } from 'playwright-core';
import { waitFor } from '../../../scripts/support/waitFor.ts';
import { Dialog } from './dialog.ts';
import { EditorArea } from './editorArea.ts';
import { Notifications } from './notifications.ts';
import { QuickInput } from './quickInput.ts';
import { Tree } from './tree.ts';

/** One VS Code window, as a person sees it. */
export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly notifications: Notifications;
  readonly dialog: Dialog;
  readonly editors: EditorArea;

  constructor(page: Page) {
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.notifications = new Notifications(page);
    this.dialog = new Dialog(page);
    this.editors = new EditorArea(page);
  }

  /** Waits until the window can be used. */
  async waitUntilReady(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 120_000 });
  }

  /** Runs a command from the palette. @param label as listed, category included: `OSS: Refresh` */
  async runCommand(label: string): Promise<void> {
    const row = this.quickInput.row(label);
    // Commands of an extension are listed only after its host has started.
    await waitFor(
      `the command "${label}" in the palette`,
      async () => {
        await this.page.keyboard.press('F1');
        await this.quickInput.fill(`>${label}`);
        const found = await row.waitFor({ timeout: 2000 }).then(
          () => true,
          () => false,
        );
        if (!found) await this.quickInput.cancel();
        return found;
      },
      { limitMs: 60_000 },
    );
    await row.click();
  }

  /** Shows a view container of the activity bar, such as the extension's or the Explorer. */
  async openContainer(title: string): Promise<void> {
    const action = this.page.locator('.activitybar .action-item', {
      has: this.page.locator(`a.action-label[aria-label^="${title}"]`),
    });
    await action.waitFor({ timeout: 60_000 });
    const opened = this.page.locator('.sidebar .composite.title');
    await waitFor(
      `${title} to open`,
      async () => {
        // A click on the one that is open would close it; so does one on what a restarted window is about to open by
        // itself.
        if (!/\bchecked\b/.test((await action.getAttribute('class')) ?? '')) await action.click();
        return opened.waitFor({ timeout: 2000 }).then(
          () => true,
          () => false,
        );
      },
      { limitMs: 30_000 },
    );
  }

  /** A view with a tree in the open container. @param title the view's own, `Buckets` */
  tree(title: string): Tree {
    return new Tree(this.page, title);
  }

  /** @param id `publisher.name.itemId` as VS Code builds it */
  statusBarItem(id: string): Locator {
    return this.page.locator(`[id="${id}"]`);
  }
}
