import type { Page } from 'playwright-core';
import { waitFor } from '../../../scripts/support/waitFor.ts';

const settleMs = 250;
/** Over the editor area, where nothing shows a hover. */
const aside = [640, 300] as const;

/**
 * Opens a menu and chooses from it. A menu shows what fitted when it was opened, so one without the action, such as
 * that of a download that is just ending, is closed and opened again, as a person would; so is one that does not come,
 * because the row was drawn again under the pointer.
 */
export async function chooseFromMenu(page: Page, open: () => Promise<void>, action: string): Promise<void> {
  const anyItem = page.locator('.monaco-menu-container').getByRole('menuitem').first();
  const item = page.getByRole('menuitem', { name: action, exact: true });
  await waitFor(
    `a menu with "${action}"`,
    async () => {
      // The hover of one row may lie over the next.
      await page.mouse.move(...aside);
      await open();
      if (
        !(await anyItem.waitFor({ timeout: 3000 }).then(
          () => true,
          () => false,
        ))
      )
        return false;
      // A menu ignores the mouse for a moment, so that the click that opened it does not choose from it. The page's own
      // clock counts: a menu of a page that is busy ignores the mouse for longer.
      await page.evaluate((ms) => new Promise((resolve) => setTimeout(resolve, ms)), settleMs);
      if ((await item.count()) > 0) return true;
      await page.keyboard.press('Escape');
      await anyItem.waitFor({ state: 'hidden' });
      return false;
    },
    { limitMs: 30_000, everyMs: 500 },
  );
  await item.click();
  await item.waitFor({ state: 'hidden' });
}
