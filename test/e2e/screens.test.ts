import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openScreensWindow, type ScreensWindow } from './screens-window.ts';

let screens: ScreensWindow;
beforeAll(async () => {
  screens = await openScreensWindow();
});
afterAll(() => screens.close());
/** No screen may throw, log an error, or do what the strict content policy forbids. */
afterEach(() => expect(screens.takeFaults()).toEqual([]));

const WIDE = { width: 1280, height: 800 };
const MEDIUM = { width: 900, height: 700 };
const NARROW = { width: 420, height: 800 };

type Step = () => Promise<unknown>;
const press =
  (keys: string): Step =>
  () =>
    screens.page.keyboard.press(keys);
const session =
  (patch: object): Step =>
  () =>
    screens.page.evaluate((given) => window.fakeCore.setSession(given), patch);
const openEditor: Step = async () => {
  await screens.page.keyboard.press('Alt+2');
  await screens.page
    .getByRole('button', { name: /Captain Ada/ })
    .last()
    .waitFor();
  await screens.page.getByRole('listitem').filter({ hasText: 'Captain Ada' }).locator('[aria-haspopup="menu"]').click();
  await screens.page.getByRole('menuitem').first().click();
};
const SCREENS: [string, Record<string, string>, Step?][] = [
  ['talk', {}],
  ['talk without a conversation', { scene: 'empty' }],
  ['first run', { scene: 'first-run' }],
  ['notices', { scene: 'notices' }],
  ['characters', { scene: 'characters' }, press('Alt+2')],
  ['new character', {}, press('Alt+c')],
  ['character editor', { scene: 'characters' }, openEditor],
  ['models', {}, press('Alt+3')],
  ['settings', {}, press('Alt+4')],
  ['palette', {}, press('Control+k')],
  ['keys', {}, press('Shift+?')],
  ['conversations', {}, press('Alt+l')],
  ['listening', {}, session({ talk: { state: 'listening' } })],
  ['thinking', {}, session({ talk: { state: 'thinking' } })],
  ['muted', {}, session({ muted: true })],
];

/** Each theme, size and language at least once with every screen; all combinations would add minutes and nothing else. */
const LOOKS = [
  ['ink', WIDE, 'en'],
  ['paper', MEDIUM, 'de'],
  ['ink', NARROW, 'de'],
  ['paper', NARROW, 'en'],
] as const;

describe('every screen', () => {
  for (const [theme, size, locale] of LOOKS) {
    it.each(SCREENS)(`is accessible and fits: %s, ${theme}, ${size.width} px, ${locale}`, async (_name, scene, step) => {
      await screens.open({ ...scene, theme, locale }, size);
      await step?.();
      await screens.page.waitForTimeout(350);
      expect(await screens.accessibilityFaults()).toEqual([]);
      expect(await screens.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    });
  }

  it('fits with the largest text and the longest words', async () => {
    for (const size of [WIDE, MEDIUM, NARROW]) {
      for (const key of ['Alt+1', 'Alt+2', 'Alt+3', 'Alt+4']) {
        await screens.open({ locale: 'de', text: '200', address: 'sie' }, size);
        await screens.page.keyboard.press(key);
        await screens.page.waitForTimeout(300);
        expect(await screens.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
      }
    }
  });
});
