import type { Page } from 'playwright-core';
import { waitFor } from '../../../scripts/support/waitFor.ts';

/**
 * Opens a menu and chooses from it. A menu shows what fitted when it was opened, so one without the action, such as
 * that of a download that is just ending, is closed and opened again, as a person would.
 */
export async function chooseFromMenu(page: Page, open: () => Promise<void>, action: string): Promise<void> {
  const anyItem = page.locator('.monaco-menu-container').getByRole('menuitem').first();
  const item = page.getByRole('menuitem', { name: action, exact: true });
  await waitFor(`a menu with "${action}"`, async () => {
    await open();
    await anyItem.waitFor();
    if ((await item.count()) > 0) return true;
    await page.keyboard.press('Escape');
    await anyItem.waitFor({ state: 'hidden' });
    return false;
  }, { limitMs: 30_000, everyMs: 500 });
  // A menu ignores the mouse for a moment, so that the click that opened it does not choose from it.
  await page.waitForTimeout(250);
  await item.click();
  await item.waitFor({ state: 'hidden' });
}
