import type { Page } from 'playwright-core';

/** Chooses from the context menu that is about to open. */
export async function chooseMenuItem(page: Page, label: string): Promise<void> {
  const item = page.getByRole('menuitem', { name: label, exact: true });
  await item.waitFor();
  // A menu ignores the mouse for a moment, so that the click that opened it does not choose from it.
  await page.waitForTimeout(250);
  await item.click();
  await item.waitFor({ state: 'hidden' });
}
