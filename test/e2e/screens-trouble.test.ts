import { afterEach, describe, expect, it } from 'vitest';
import { openScreensWindow, type ScreensWindow } from './screens-window.ts';

let screens: ScreensWindow;
afterEach(() => screens.close());

const calls = (name: string): Promise<unknown[]> =>
  screens.page.evaluate((wanted) => window.fakeCore.calls.filter((call) => call.name === wanted).map((call) => call.input), name);
const ring = (): Promise<string | null | undefined> =>
  screens.page.evaluate(() => document.querySelector('[data-ring]')?.getAttribute('data-ring'));

describe('a computer without a microphone', () => {
  it('is told so with a way on, and the typed way works', async () => {
    screens = await openScreensWindow({ microphone: false });
    await screens.open({ scene: 'empty' });
    await screens.page.getByText('No microphone').first().waitFor();
    expect(await ring()).toBe('broken');
    await expect.poll(() => calls('session.reportInput')).toEqual([{ status: 'none' }]);
    await screens.page.getByRole('textbox', { name: 'Message' }).fill('Are you there?');
    await screens.page.keyboard.press('Enter');
    await screens.page.locator('.answer', { hasText: 'Gladly.' }).waitFor();
    await screens.page.getByRole('button', { name: 'Choose' }).click();
    await expect
      .poll(() =>
        screens.page.evaluate(() =>
          document.activeElement instanceof HTMLSelectElement ? document.activeElement.labels[0]?.textContent : '',
        ),
      )
      .toBe('Microphone');
    expect(screens.takeFaults()).toEqual([]);
  });
});

describe('a microphone that is not allowed', () => {
  it('is told so, and opens when it is allowed and tried again', async () => {
    screens = await openScreensWindow();
    await screens.allowMicrophone(false);
    await screens.open({});
    await screens.page.getByText('The microphone is not allowed').first().waitFor();
    await expect.poll(() => calls('session.reportInput')).toEqual([{ status: 'denied' }]);
    await screens.allowMicrophone(true);
    await screens.page.getByRole('button', { name: 'Try again' }).click();
    await expect.poll(ring).toBe('ready');
    await expect.poll(() => calls('session.reportInput')).toHaveLength(2);
  });
});

describe('a core that is in trouble', () => {
  it('offers to start a broken part again, and shows when it is back', async () => {
    screens = await openScreensWindow();
    await screens.open({});
    await expect.poll(ring).toBe('ready');
    await screens.page.evaluate(() => window.fakeCore.setSnapshot({ parts: [{ part: 'recognition', status: 'broken' }] }));
    await screens.page.getByText('Listening stopped').first().waitFor();
    await screens.page.getByRole('button', { name: 'Start again' }).click();
    await expect.poll(() => calls('app.restartPart')).toEqual([{ part: 'recognition' }]);
    await screens.page.evaluate(() => window.fakeCore.setSnapshot({ parts: [{ part: 'recognition', status: 'ready' }] }));
    await expect.poll(ring).toBe('ready');
  });

  it('lets the microphone go when the core ends the session', async () => {
    screens = await openScreensWindow();
    await screens.open({});
    await expect.poll(ring).toBe('ready');
    await screens.page.evaluate(() => window.fakeCore.setSession({ sessionId: null, talk: { state: 'off', reason: 'not-started' } }));
    await screens.page.getByText('Voice is off').first().waitFor();
    const before = await screens.page.evaluate(() => window.fakeCore.captured.samples);
    await screens.page.waitForTimeout(500);
    expect(await screens.page.evaluate(() => window.fakeCore.captured.samples)).toBe(before);
  });
});
