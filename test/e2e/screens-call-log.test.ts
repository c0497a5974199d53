import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openScreensWindow, type ScreensWindow } from './screens-window.ts';

let screens: ScreensWindow;
beforeAll(async () => {
  screens = await openScreensWindow();
});
afterAll(() => screens.close());
afterEach(() => expect(screens.takeFaults()).toEqual([]));

const page = (): ScreensWindow['page'] => screens.page;
const calls = (name: string): Promise<unknown[]> =>
  page().evaluate((wanted) => window.fakeCore.calls.filter((call) => call.name === wanted).map((call) => call.input), name);
const button = (name: string | RegExp) => page().getByRole('button', { name });
const showCalls = async (): Promise<void> => {
  await page().keyboard.press('Alt+7');
  await page().locator('h1').waitFor();
};
const openEntry = async (): Promise<void> => {
  await showCalls();
  await page().locator('[data-entry="r1"]').click();
  await page().locator('[data-segment]').first().waitFor();
};

describe('the log', () => {
  it('is searched and filtered, and a deleted call comes back', async () => {
    await screens.open({});
    await showCalls();
    await page()
      .getByRole('searchbox', { name: /Search names/ })
      .fill('drawings');
    await expect.poll(() => page().locator('[data-entry]').count()).toBe(3);
    await page().getByRole('combobox', { name: 'Answered by' }).selectOption('message');
    await expect.poll(() => page().locator('[data-entry]').count()).toBe(1);
    await page().locator('[data-entry]').click();
    await button('Delete this call').click();
    await button('Undo').click();
    await page().locator('[data-entry="r3"]').waitFor();
    expect(await calls('phone.record.keep')).toEqual([{ callId: 'r3' }]);
  });

  it('keeps only what is in view of a year of calls, loads on at the end, and is walked through by key', async () => {
    await screens.open({ scene: 'year' });
    await showCalls();
    await page().locator('[data-entry="y0"]').waitFor();
    expect(await page().locator('[data-entry]').count()).toBeLessThan(40);
    await page().locator('[data-entry="y0"]').focus();
    for (let step = 1; step <= 80; step += 1) await page().keyboard.press('Tab');
    await expect.poll(() => page().evaluate(() => (document.activeElement as HTMLElement).dataset['entry'])).toBe('y80');
    expect(await page().locator('[data-entry]').count()).toBeLessThan(40);
    expect(await page().locator('[data-entry="y80"]').isVisible()).toBe(true);
    expect((await calls('phone.log')).length).toBeGreaterThan(1);
  });

  it('is where it was left when one comes back from an entry, also from one that was deleted', async () => {
    await screens.open({ scene: 'year' });
    await showCalls();
    await page().locator('[data-entry="y0"]').focus();
    for (let step = 1; step <= 100; step += 1) await page().keyboard.press('Tab');
    const focused = () => page().evaluate(() => (document.activeElement as HTMLElement).dataset['entry']);
    await expect.poll(focused).toBe('y100');
    const top = async (id: string): Promise<number> => Math.round((await page().locator(`[data-entry="${id}"]`).boundingBox())?.y ?? -1);
    const before = await top('y100');
    await page().keyboard.press('Enter');
    await page().locator('[data-segment]').first().waitFor();
    const asked = (await calls('phone.log')).length;
    await page().locator('#main').getByRole('button', { name: 'Calls', exact: true }).click();
    await expect.poll(focused).toBe('y100');
    expect(Math.abs((await top('y100')) - before)).toBeLessThanOrEqual(1);
    // Asked anew for the same pages, which changes nothing of it.
    await expect.poll(async () => (await calls('phone.log')).length).toBeGreaterThan(asked);
    expect(Math.abs((await top('y100')) - before)).toBeLessThanOrEqual(1);
    await page().keyboard.press('Enter');
    await button('Delete this call').click();
    await expect.poll(focused).toBe('y101');
    // The rail leads to the newest.
    await page().keyboard.press('Enter');
    await page().locator('[data-segment]').first().waitFor();
    await showCalls();
    await page().locator('[data-entry="y0"]').waitFor();
  });

  it('plays a call from the word that is clicked, and lights what is heard', async () => {
    await screens.open({});
    await openEntry();
    await page().getByText('drawings', { exact: false }).last().waitFor();
    await page().locator('[data-segment="owner"] span', { hasText: 'bring' }).click();
    await expect.poll(() => page().locator('[data-segment="owner"][aria-current="true"]').count(), { timeout: 10_000 }).toBe(1);
    await button('Pause').click();
    await button('Play').first().waitFor();
    await button('Play from 0:04').click();
    await expect.poll(() => page().locator('[data-segment="caller"][aria-current="true"]').count(), { timeout: 10_000 }).toBe(1);
    await button('Pause').click();
  });
});
