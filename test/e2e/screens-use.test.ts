import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PlaybackReport } from '../../src-preload/contract/index.ts';
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
const reports = (): Promise<PlaybackReport[]> => page().evaluate(() => window.fakeCore.reports);
const button = (name: string | RegExp) => page().getByRole('button', { name });

describe('the first run', () => {
  it('opens the microphone only when asked, hears the owner, and ends with the first talk', async () => {
    await screens.open({ scene: 'first-run' });
    await page().getByRole('heading', { name: 'Hello. Is everything ready?' }).waitFor();
    expect(await calls('session.start')).toEqual([]);
    await button('Test it').click();
    await page().getByText('It hears you.').waitFor();
    await button('Start talking').last().click();
    await expect.poll(() => calls('session.start')).toHaveLength(1);
    await expect.poll(() => calls('app.finishFirstRun')).toEqual([{}]);
    await page().getByRole('heading', { name: 'Ask something' }).waitFor();
  });
});

describe('a typed conversation', () => {
  it('shows the question at once, the answer as it is written, and announces it once it is finished', async () => {
    await screens.open({ scene: 'empty' });
    await page().getByRole('textbox', { name: 'Message' }).fill('Are you there?');
    await page().keyboard.press('Enter');
    await page().getByRole('log').getByText('Are you there?').waitFor();
    await page().locator('.answer', { hasText: 'Gladly.' }).waitFor();
    expect(await page().locator('[aria-live="polite"]', { hasText: 'remember' }).count()).toBe(0);
    await page().locator('[aria-live="polite"]', { hasText: 'Nova: Gladly. I can answer questions' }).waitFor({ state: 'attached' });
    expect(await calls('turn.send')).toEqual([{ conversationId: null, text: 'Are you there?', speak: false }]);
  });

  it('keeps what was typed when it cannot be sent, and says why', async () => {
    await screens.open({});
    await page().evaluate(() => window.fakeCore.failNext('turn.send', 'store.disk-full', 'The disk is full. Free some space.'));
    await page().getByRole('textbox', { name: 'Message' }).fill('Keep me');
    await page().keyboard.press('Enter');
    await page().getByText('The disk is full. Free some space.').first().waitFor();
    expect(await page().getByRole('textbox', { name: 'Message' }).inputValue()).toBe('Keep me');
  });

  it('keeps what is typed while a question is on its way', async () => {
    await screens.open({});
    // A core that takes its time over questions.
    await page().evaluate(() => {
      const { api } = window.fakeCore;
      const { call } = api;
      api.call = async (name, input) => {
        if (name === 'turn.send') await new Promise((resolve) => setTimeout(resolve, 600));
        return call(name, input);
      };
    });
    const input = page().getByRole('textbox', { name: 'Message' });
    await input.fill('The first');
    await page().keyboard.press('Enter');
    await page().keyboard.type('and the second');
    await page().getByRole('log').getByText('The first').waitFor();
    expect(await input.inputValue()).toBe('and the second');
  });

  it('announces an answer also when it has the words of the one before', async () => {
    await screens.open({});
    const announced = page().locator('[aria-live="polite"] p', { hasText: 'Nova: The same.' });
    await page().evaluate(() => window.fakeCore.answer('The same.', { tokenMs: 1 }));
    await announced.waitFor({ state: 'attached' });
    const first = await announced.elementHandle();
    await page().evaluate(() => window.fakeCore.answer('The same.', { tokenMs: 1 }));
    await expect.poll(() => first?.evaluate((element) => element.isConnected)).toBe(false);
    expect(await announced.count()).toBe(1);
  });

  it('stops an answer by the Escape key, also from the text field', async () => {
    await screens.open({});
    await page().getByRole('textbox', { name: 'Message' }).focus();
    await page().evaluate(() => void window.fakeCore.answer('A very long answer. '.repeat(60)));
    await page().locator('.answer', { hasText: 'A very long answer.' }).waitFor();
    await page().keyboard.press('Escape');
    expect(await calls('turn.stop')).toEqual([{}]);
    await page().getByText('Interrupted here').last().waitFor();
  });

  it('stops an answer by the first Escape, also while a tooltip is open', async () => {
    await screens.open({});
    await page().evaluate(() => void window.fakeCore.answer('A very long answer. '.repeat(60)));
    await page().locator('.answer', { hasText: 'A very long answer.' }).waitFor();
    await button('Stop the answer').first().hover();
    await page().getByRole('tooltip').waitFor({ state: 'attached' });
    await page().keyboard.press('Escape');
    expect(await calls('turn.stop')).toEqual([{}]);
    await expect.poll(() => page().getByRole('tooltip').count()).toBe(0);
  });

  it('opens links by the core and fetches no pictures', async () => {
    await screens.open({});
    await page().getByRole('link', { name: 'documentation' }).click();
    expect(await calls('app.openExternal')).toEqual([{ url: 'https://docs.python.org/3/library/statistics.html' }]);
    await page().getByText('Picture not loaded: diagram of the mean').waitFor();
    expect(await page().locator('.answer img').count()).toBe(0);
    expect(page().url()).toMatch(/^http:\/\/127\.0\.0\.1/);
  });

  it('keeps only what is in view of a year of messages, and loads older ones on the way up', async () => {
    await screens.open({ scene: 'year' });
    const log = page().getByRole('log');
    await log.locator('.answer').first().waitFor();
    expect(await log.locator('[data-index]').count()).toBeLessThan(40);
    await log.evaluate((element) => {
      element.scrollTop = 0;
    });
    await expect.poll(() => calls('conversations.messages')).toHaveLength(2);
    expect(await calls('conversations.messages')).toEqual([
      expect.not.objectContaining({ beforeMs: expect.anything() }),
      expect.objectContaining({ beforeMs: expect.any(Number), limit: 60 }),
    ]);
  });
});

describe('a spoken answer', () => {
  it('plays to its end, is reported as it is played, and lights up the captions', async () => {
    await screens.open({});
    await button('Mute the microphone').first().waitFor();
    await expect.poll(() => page().evaluate(() => document.querySelector('[data-ring]')?.getAttribute('data-ring'))).toBe('ready');
    const text = 'The largest planet is Jupiter.';
    await page().evaluate((words) => void window.fakeCore.answer(words, { spoken: true }), text);
    const captions = page().getByRole('region', { name: 'Captions' });
    await captions.getByText('largest').waitFor();
    await expect.poll(() => captions.locator('span.text-text').count(), { timeout: 5000 }).toBeGreaterThan(1);
    await expect.poll(async () => (await reports()).at(-1)?.event, { timeout: 10_000 }).toBe('ended');
    const all = await reports();
    expect(all[0]).toMatchObject({ event: 'started', outputLatencyMs: expect.any(Number) });
    expect(Math.abs((all.at(-1)?.playedMs ?? 0) - text.length * 60)).toBeLessThan(3);
    const played = all.map((report) => report.playedMs);
    expect(played).toEqual(played.toSorted((a, b) => a - b));
  });

  it('falls silent at a pause and goes on at the same place', async () => {
    await screens.open({});
    await button('Mute the microphone').first().waitFor();
    await page().evaluate(() => void window.fakeCore.answer('One sentence that is long enough to be paused.', { spoken: true }));
    await expect.poll(async () => (await reports()).length, { timeout: 5000 }).toBeGreaterThan(3);
    const utteranceId = (await reports())[0]?.utteranceId ?? '';
    const tell = (command: 'pause' | 'resume'): Promise<void> =>
      page().evaluate((given) => window.fakeCore.tell('playback.command', given), { command, utteranceId } as const);
    await tell('pause');
    await expect.poll(async () => (await reports()).at(-1)?.event).toBe('paused');
    const pausedAt = (await reports()).at(-1)?.playedMs ?? 0;
    await page().waitForTimeout(300);
    expect((await reports()).at(-1)?.playedMs).toBe(pausedAt);
    await tell('resume');
    await expect.poll(async () => (await reports()).some((report) => report.event === 'resumed')).toBe(true);
    const resumed = (await reports()).find((report) => report.event === 'resumed')?.playedMs ?? 0;
    expect(resumed - pausedAt).toBeLessThan(5);
  });
});

describe('the microphone', () => {
  it('sends 16 kHz to the core as long as the session runs, and silence while muted', async () => {
    await screens.open({});
    const samples = (): Promise<number> => page().evaluate(() => window.fakeCore.captured.samples);
    // The invented core counts on the page's own thread, which is busy until the face is made; the real one gets the sound past it.
    await page().locator('.live-face[data-drawn="true"]').waitFor();
    await expect.poll(samples).toBeGreaterThan(3200);
    const before = await samples();
    const startMs = Date.now();
    await page().waitForTimeout(3000);
    const rateHz = ((await samples()) - before) / ((Date.now() - startMs) / 1000);
    expect(rateHz).toBeGreaterThan(13_000);
    expect(rateHz).toBeLessThan(19_000);
    // The invented microphone beeps once a second.
    await expect.poll(() => page().evaluate(() => window.fakeCore.captured.peak), { timeout: 4000 }).toBeGreaterThan(0.01);

    await page().keyboard.press('m');
    await expect.poll(() => calls('session.setMuted')).toEqual([{ muted: true }]);
    await page().waitForTimeout(300);
    await page().evaluate(() => {
      window.fakeCore.captured.peak = 0;
    });
    const muted = await samples();
    await page().waitForTimeout(1200);
    expect(await page().evaluate(() => window.fakeCore.captured.peak)).toBe(0);
    expect(await samples()).toBeGreaterThan(muted);
  });

  it('is reported to the core with its name', async () => {
    await screens.open({});
    await expect.poll(() => calls('session.reportInput')).toEqual([{ status: 'ok', device: expect.stringContaining('Fake') }]);
  });
});

describe('push to talk', () => {
  it('presses while the space bar is held, and types spaces in the input', async () => {
    await screens.open({ mode: 'push-to-talk' });
    await expect.poll(() => calls('session.start')).toHaveLength(1);
    await button(/Hold to talk/).waitFor();
    await page().keyboard.down(' ');
    await page().waitForTimeout(500);
    await page().keyboard.up(' ');
    await expect.poll(() => calls('session.press')).toEqual([{ down: true }, { down: false }]);
    await page().getByRole('textbox', { name: 'Message' }).pressSequentially('a b');
    expect(await page().getByRole('textbox', { name: 'Message' }).inputValue()).toBe('a b');
    expect(await calls('session.press')).toHaveLength(2);
  });

  it('presses while the button is held with the pointer', async () => {
    await screens.open({ mode: 'push-to-talk' });
    const box = await button(/Hold to talk/).boundingBox();
    await page().mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 20);
    await page().mouse.down();
    await page().waitForTimeout(500);
    await page().mouse.up();
    await expect.poll(() => calls('session.press')).toEqual([{ down: true }, { down: false }]);
  });
});

describe('the keyboard alone', () => {
  it('reaches a setting by the palette and changes it in effect at once', async () => {
    await screens.open({ theme: 'ink' });
    await page().keyboard.press('Control+k');
    await page().getByRole('combobox').waitFor();
    await page().keyboard.type('theme');
    await page().keyboard.press('Enter');
    await page().getByRole('radio', { name: 'Ink' }).waitFor();
    expect(await page().evaluate(() => document.activeElement?.textContent)).toBe('As the computer');
    await page().keyboard.press('ArrowRight');
    await page().keyboard.press('ArrowRight');
    await expect.poll(() => page().evaluate(() => document.documentElement.dataset['theme'])).toBe('paper');
  });

  it('deletes a conversation and takes it back', async () => {
    await screens.open({});
    await page().keyboard.press('Alt+l');
    await page().getByRole('searchbox').waitFor();
    await page().getByRole('button', { name: 'Actions for Plan for Thursday' }).focus();
    await page().keyboard.press('Enter');
    await page().getByRole('menuitem', { name: 'Delete' }).press('Enter');
    await expect.poll(() => calls('conversations.delete')).toEqual([{ id: 'c2' }]);
    await page().getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => calls('conversations.restore')).toEqual([{ id: 'c2' }]);
    await page().getByRole('heading', { level: 1, name: 'Plan for Thursday' }).waitFor();
  });

  it('is brought back to where it was when a dialog closes', async () => {
    await screens.open({});
    const focused = (): Promise<string | null | undefined> => page().evaluate(() => document.activeElement?.getAttribute('aria-label'));
    await page().getByRole('textbox', { name: 'Message' }).focus();
    for (const keys of ['Alt+l', 'Control+k']) {
      await page().keyboard.press(keys);
      await page().getByRole('dialog').waitFor();
      await page().keyboard.press('Escape');
      await expect.poll(focused).toBe('Message');
    }
    // By way of a menu, whose item is gone by then.
    const actions = page().getByRole('button', { name: /^Actions for/ });
    const name = await actions.getAttribute('aria-label');
    await actions.press('Enter');
    await page().getByRole('menuitem', { name: 'Rename' }).press('Enter');
    await page().getByRole('dialog').waitFor();
    await page().keyboard.press('Escape');
    await expect.poll(focused).toBe(name);
    // Not where the dialog has led to something else.
    await page().keyboard.press('Control+k');
    await page().getByRole('combobox').waitFor();
    await page().keyboard.type('go to the input');
    await page().keyboard.press('Enter');
    await expect.poll(focused).toBe('Message');
    await page().waitForTimeout(100);
    expect(await focused()).toBe('Message');
  });

  it('leaves single keys to an open dialog or menu, wherever the focus is', async () => {
    await screens.open({});
    await expect.poll(() => calls('session.start')).toHaveLength(1);
    await page()
      .getByRole('button', { name: /^Actions for/ })
      .press('Enter');
    await page().getByRole('menu').waitFor();
    await page().keyboard.press('m');
    await page().keyboard.press('Escape');
    await page().keyboard.press('Alt+3');
    await button('Delete my-finetune-q5_k_m').click();
    await page().getByRole('dialog').waitFor();
    await page().keyboard.press('Space');
    await page().evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page().keyboard.press('Space');
    await page().keyboard.press('m');
    await page().waitForTimeout(100);
    expect(await calls('session.setMuted')).toEqual([]);
    await page().keyboard.press('Escape');
    await page().getByRole('dialog').waitFor({ state: 'detached' });
    await page().keyboard.press('m');
    await expect.poll(() => calls('session.setMuted')).toEqual([{ muted: true }]);
  });

  it('closes what is open with Escape before it stops an answer', async () => {
    await screens.open({});
    await page().keyboard.press('Shift+?');
    await page().getByRole('dialog').waitFor();
    await page().keyboard.press('Escape');
    await page().getByRole('dialog').waitFor({ state: 'detached' });
    expect(await calls('turn.stop')).toEqual([]);
  });
});

describe('settings', () => {
  it('changes the language of the window and the form of address', async () => {
    await screens.open({ locale: 'de', address: 'sie' });
    await page().getByText('Sprechen Sie einfach.').waitFor();
    expect(await page().evaluate(() => document.documentElement.lang)).toBe('de');
  });

  it('turns single keys off', async () => {
    await screens.open({});
    await expect.poll(() => calls('session.start')).toHaveLength(1);
    await page().evaluate(() => window.fakeCore.setSetting('shortcuts.singleKeys', false));
    await page().keyboard.press('m');
    await page().keyboard.press('Alt+4');
    await page().getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    expect(await calls('session.setMuted')).toEqual([]);
  });

  it('are led to by a notice also while they are open, from another page and from a search', async () => {
    await screens.open({ scene: 'notices' });
    await page().keyboard.press('Alt+4');
    const choose = page().getByRole('region', { name: 'Messages from OpenClaw' }).getByRole('button', { name: 'Choose microphone' });
    const label = (): Promise<string | null | undefined> =>
      page().evaluate(() => (document.activeElement instanceof HTMLSelectElement ? document.activeElement.labels[0]?.textContent : ''));
    await page().getByRole('navigation', { name: 'Settings' }).getByRole('button').last().click();
    await choose.click();
    await expect.poll(label).toBe('Microphone');
    await page().getByRole('searchbox', { name: 'Search settings' }).fill('dark');
    await choose.click();
    await expect.poll(label).toBe('Microphone');
    expect(await page().getByRole('searchbox', { name: 'Search settings' }).inputValue()).toBe('');
  });

  it('closes the open microphone when push to talk is chosen', async () => {
    await screens.open({});
    await expect.poll(() => calls('session.start')).toHaveLength(1);
    await page().keyboard.press('Alt+4');
    await page().getByRole('radio', { name: 'Push to talk' }).click();
    await expect.poll(() => calls('session.setMode')).toEqual([{ mode: 'push-to-talk' }]);
  });

  it('finds a setting by a word of its hint and resets it', async () => {
    await screens.open({ theme: 'paper' });
    await page().keyboard.press('Alt+4');
    await page().getByRole('searchbox', { name: 'Search settings' }).fill('dark');
    await page().getByRole('button', { name: 'Set “Theme” back to the default' }).click();
    await expect.poll(() => calls('settings.reset')).toEqual([{ key: 'appearance.theme' }]);
  });
});

describe('models', () => {
  it('pauses a download, and asks before it deletes', async () => {
    await screens.open({});
    await page().keyboard.press('Alt+3');
    const download = page().getByRole('listitem').filter({ hasText: 'Qwen3 4B' });
    await download.getByRole('progressbar').waitFor();
    await download.getByRole('button', { name: 'Pause' }).click();
    await download.getByText(/^Paused at/).waitFor();
    await button('Delete my-finetune-q5_k_m').click();
    await page().getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await expect.poll(() => calls('models.delete')).toEqual([{ modelId: 'own' }]);
  });

  it('shows the real answer and time of a test, and the reason when it fails', async () => {
    await screens.open({});
    await page().keyboard.press('Alt+3');
    await page().getByRole('radio', { name: 'A server' }).click();
    await page().getByRole('textbox', { name: 'Model' }).fill('qwen3:8b');
    await button('Test').click();
    await page().getByText('Answered after 0.4 s: “Hello, I am here.”').waitFor();
    await page().getByRole('radio', { name: 'Claude' }).click();
    await button('Test').click();
    await page().getByText('No answer. The key was refused. Enter a valid one.').waitFor();
  });

  it('says in German why a test has failed', async () => {
    await screens.open({ locale: 'de' });
    await page().keyboard.press('Alt+3');
    await page().getByRole('radio', { name: 'Claude' }).click();
    await button('Testen').click();
    await page().getByText('Claude hat den Schlüssel nicht angenommen.').waitFor();
  });

  it('takes a key in and never shows it again', async () => {
    await screens.open({});
    await page().keyboard.press('Alt+3');
    await page().getByRole('radio', { name: 'Claude' }).click();
    await page().getByLabel('Key', { exact: true }).fill('sk-secret');
    await button('Save').click();
    await page()
      .getByText(/A key is stored/)
      .waitFor();
    expect(await page().getByLabel('Key', { exact: true }).inputValue()).toBe('');
    expect(await page().content()).not.toContain('sk-secret');
  });
});

describe('an answer that is not to be trusted', () => {
  it('runs nothing, loads nothing and leads nowhere by itself', async () => {
    await screens.open({});
    const requests: string[] = [];
    page().on('request', (request) => requests.push(request.url()));
    const answer = [
      '<script>window.broken = "script"</script>',
      '<img src="x" onerror="window.broken = \'img\'">',
      '<svg onload="window.broken = \'svg\'"></svg>',
      '<iframe src="https://example.com"></iframe>',
      '<details open ontoggle="window.broken = \'details\'">more</details>',
      '<style>body { display: none }</style>',
      '[click](javascript:window.broken="link")',
      '![p](https://example.com/p.png)',
      'harmless end',
    ].join('\n\n');
    await page().evaluate((text) => window.fakeCore.answer(text, { tokenMs: 1 }), answer);
    await page().locator('.answer', { hasText: 'harmless end' }).waitFor();
    expect(await page().evaluate(() => 'broken' in window)).toBe(false);
    expect(await page().locator('.answer :is(iframe, script, style, img)').count()).toBe(0);
    expect(await page().locator('.answer a', { hasText: 'click' }).count()).toBe(0);
    expect(requests.filter((url) => !url.startsWith('http://127.0.0.1'))).toEqual([]);
  });
});
