import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openScreensWindow, type ScreensWindow } from './screens-window.ts';

let screens: ScreensWindow;
beforeAll(async () => {
  screens = await openScreensWindow();
});
afterAll(() => screens.close());
afterEach(() => expect(screens.takeFaults()).toEqual([]));

const WIDE = { width: 1280, height: 800 };
const MEDIUM = { width: 900, height: 700 };
const NARROW = { width: 420, height: 800 };

const page = (): ScreensWindow['page'] => screens.page;
const calls = (name: string): Promise<unknown[]> =>
  page().evaluate((wanted) => window.fakeCore.calls.filter((call) => call.name === wanted).map((call) => call.input), name);
const button = (name: string | RegExp) => page().getByRole('button', { name });
const ring = (): Promise<string | null | undefined> =>
  page().evaluate(() => document.querySelector('[data-ring]')?.getAttribute('data-ring'));
const ask = (patch: object = {}): Promise<void> => page().evaluate((given) => window.fakeCore.hands.ask(given), patch);
const firstCard = () => page().locator('[data-call]').first();

type Step = () => Promise<unknown>;
const press =
  (keys: string): Step =>
  () =>
    page().keyboard.press(keys);
const openCard: Step = () => firstCard().getByRole('button', { expanded: false }).click();
const kill =
  (patch: object): Step =>
  () =>
    page().evaluate((given) => window.fakeCore.hands.setKill(given), patch);

const SCREENS: [string, Record<string, string>, Step?][] = [
  ['a result', { scene: 'hands' }, openCard],
  ['a question in its conversation', { scene: 'hands' }, () => ask()],
  ['a question elsewhere', { scene: 'hands' }, () => ask({ conversationId: null, canRemember: true })],
  ['everything off', { scene: 'stopped' }],
  ['everything off, on another screen', { scene: 'stopped' }, press('Alt+4')],
  ['tools stopped', { scene: 'hands' }, kill({ level: 2, engagedAtMs: 1_780_000_000_000, trigger: 'watchdog', reason: 'errors' })],
  [
    'starting again',
    { scene: 'stopped' },
    () =>
      button(/^(?:Start again|Wieder starten)$/)
        .first()
        .click(),
  ],
  ['showing a page', { scene: 'hands' }, press('Alt+KeyS')],
  ['what it did', { scene: 'hands' }, press('Alt+5')],
  ['hands', { scene: 'hands' }, press('Alt+6')],
  ['hands without Docker', { scene: 'no-docker' }, press('Alt+6')],
];

/** Each theme, size and language at least once with every screen. */
const LOOKS = [
  ['ink', WIDE, 'en'],
  ['paper', MEDIUM, 'de'],
  ['ink', NARROW, 'de'],
] as const;

describe('every screen of the hands', () => {
  for (const [theme, size, locale] of LOOKS) {
    it.each(SCREENS)(`is accessible and fits: %s, ${theme}, ${size.width} px, ${locale}`, async (_name, scene, step) => {
      await screens.open({ ...scene, theme, locale }, size);
      await page().locator('[data-ring], h1').first().waitFor();
      await page().waitForTimeout(300);
      await step?.();
      await page().waitForTimeout(350);
      expect(await screens.accessibilityFaults()).toEqual([]);
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    });
  }
});

it('the screens of the hands fit with the largest text and the longest words', async () => {
  for (const key of ['Alt+5', 'Alt+6']) {
    await screens.open({ scene: 'hands', locale: 'de', text: '200', address: 'sie' }, NARROW);
    await page().keyboard.press(key);
    await page().waitForTimeout(400);
    const tooWide = await page().evaluate(
      () =>
        [...document.querySelectorAll('main, main *')].filter(
          (element) => element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX === 'auto',
        ).length,
    );
    expect(tooWide).toBe(0);
  }
});

describe('tools in the conversation', () => {
  it('stand between question and answer as one line, and open to what came back', async () => {
    await screens.open({ scene: 'hands' });
    const log = page().getByRole('log');
    await log.getByText('Run df -h').waitFor();
    const order = await log.innerText();
    expect(order.indexOf('How much free space')).toBeLessThan(order.indexOf('Run df -h'));
    expect(order.indexOf('Run df -h')).toBeLessThan(order.indexOf('There are 123 GB free'));
    await openCard();
    await log.getByText('/dev/nvme0n1p2').waitFor();
  });

  it('show a running tool in the ring, and cut it off on demand', async () => {
    await screens.open({ scene: 'hands' });
    await page().evaluate(() => {
      window.fakeCore.setSession({ talk: { state: 'thinking' } });
      window.fakeCore.hands.call({
        id: 'k7',
        state: 'running',
        createdAtMs: Date.now(),
        startedAtMs: Date.now(),
        endedAtMs: null,
        result: null,
      });
    });
    await expect.poll(ring).toBe('working');
    await page().getByText('Run a command').first().waitFor();
    await button('Cancel: Run df -h').click();
    await expect.poll(() => calls('tools.cancel')).toEqual([{ callId: 'k7' }]);
    await expect.poll(ring).toBe('thinking');
  });

  it('take back what can be taken back', async () => {
    await screens.open({ scene: 'hands' });
    await page().getByRole('log').getByText('Write notes/biggest photos.md').click();
    await button('Undo').click();
    await page().getByText('It was taken back.').waitFor();
    expect(await calls('tools.undo')).toEqual([{ callId: 'k4' }]);
  });
});

describe('a page that is shown', () => {
  it('is pasted, stands above the input, and is taken away again', async () => {
    await screens.open({ scene: 'hands' });
    await button('Show it a page').click();
    const dialog = page().getByRole('dialog');
    await dialog.getByLabel('The text of the page, mail or document').fill('A storm over the Skagerrak\nFerries stay in port.');
    await dialog.getByLabel('Where it is from, if you like').fill('https://news.example.org/storm');
    await dialog.getByRole('button', { name: 'Show it', exact: true }).click();
    await page().getByText('Page shown: A storm over the Skagerrak').waitFor();
    await button('Take the page away').click();
    await expect.poll(() => page().locator('[data-shared-page]').count()).toBe(0);
    expect(await calls('tools.sharePage')).toEqual([
      {
        address: 'https://news.example.org/storm',
        title: 'A storm over the Skagerrak',
        text: 'A storm over the Skagerrak\nFerries stay in port.',
      },
      { address: '', title: '', text: '' },
    ]);
  });

  it('is dropped as a file: of a web page only what people read of it', async () => {
    await screens.open({ scene: 'hands' });
    const drop = (name: string, type: string, content: string): Promise<void> =>
      page().evaluate(
        ([fileName, kind, text]) => {
          const data = new DataTransfer();
          data.items.add(new File([text ?? ''], fileName ?? '', { type: kind ?? '' }));
          document.querySelector('textarea')?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: data }));
        },
        [name, type, content],
      );
    await drop('storm.html', 'text/html', '<title>Storm</title><script>steal()</script><h1>A storm</h1><p>Ferries <b>stay</b>.</p>');
    await page().getByText('Page shown: Storm').waitFor();
    expect(await calls('tools.sharePage')).toEqual([{ address: 'storm.html', title: 'Storm', text: 'A storm\nFerries stay.' }]);
    await drop('photo.png', 'image/png', 'x');
    await page().getByText('photo.png holds no text that can be shown.').waitFor();
  });
});

describe('a question to the owner', () => {
  it('says what and why, takes no Enter for a yes, and closes with the answer', async () => {
    await screens.open({ scene: 'hands' });
    await page().getByRole('log').getByText('Run df -h').waitFor();
    await ask();
    await page()
      .getByText(/after reading something from outside/)
      .waitFor();
    await page()
      .getByText(/yes, run number seven/)
      .waitFor();
    expect(await button('Always for exactly this').count()).toBe(0);
    await page().keyboard.press('Alt+a');
    await expect.poll(() => page().evaluate(() => document.activeElement?.getAttribute('data-approval'))).toBe('ask-1');
    await page().keyboard.press('Enter');
    expect(await calls('tools.answer')).toEqual([]);
    await button('Run once').click();
    await expect.poll(() => calls('tools.answer')).toEqual([{ approvalId: 'ask-1', answer: 'once' }]);
    await expect.poll(() => page().locator('[data-approval]').count()).toBe(0);
  });

  it('is on every screen, is announced, and goes away when it is answered elsewhere or expires', async () => {
    await screens.open({ scene: 'hands' });
    for (const key of ['Alt+2', 'Alt+3', 'Alt+4', 'Alt+5', 'Alt+6']) {
      await page().keyboard.press(key);
      await ask();
      await page().locator('[data-approval="ask-1"]').waitFor();
      await page().locator('[aria-live="assertive"]', { hasText: 'Needs you: Run curl' }).waitFor({ state: 'attached' });
      await page().evaluate(() => window.fakeCore.hands.close('ask-1', 'expired'));
      await expect.poll(() => page().locator('[data-approval]').count()).toBe(0);
    }
  });

  it('says so when it was answered already', async () => {
    await screens.open({ scene: 'hands' });
    await ask({ conversationId: null });
    await page().evaluate(() => window.fakeCore.failNext('tools.answer', 'approval.gone', 'This question was answered already.'));
    await page().getByRole('button', { name: 'No', exact: true }).click();
    await page().getByText('This question was answered already.').first().waitFor();
    await expect.poll(() => page().locator('[data-approval]').count()).toBe(0);
  });
});

describe('the off-switch', () => {
  it('stops everything by one press, says what was cut off, and starts again by the phrase alone', async () => {
    await screens.open({ scene: 'hands' });
    await button('Stop everything').first().click();
    await page().getByRole('heading', { name: 'Everything is off.' }).waitFor();
    expect(await calls('killswitch.engage')).toEqual([{ level: 5 }]);
    expect(await page().locator('[data-stop-edge]').count()).toBe(1);
    await expect.poll(ring).toBe('stopped');
    await page().locator('[data-stopped]').getByText('Run a command').waitFor();
    expect(await page().getByRole('textbox', { name: 'Message' }).isDisabled()).toBe(true);

    await button('Start again').first().click();
    await page().getByRole('textbox', { name: 'The words' }).fill('start');
    await page().getByRole('dialog').getByRole('button', { name: 'Start again' }).click();
    await page().getByRole('alert').getByText('That is not the phrase.').waitFor();
    expect(await page().locator('[data-stop-edge]').count()).toBe(1);
    await page().getByRole('textbox', { name: 'The words' }).fill('start again');
    await page().getByRole('dialog').getByRole('button', { name: 'Start again' }).click();
    await expect.poll(() => page().locator('[data-stop-edge]').count()).toBe(0);
    await page().getByRole('log').getByText('Run df -h').waitFor();
  });

  it('has a key that works in a text field and over a dialog', async () => {
    await screens.open({ scene: 'hands' });
    await page().keyboard.press('Control+k');
    await page().getByRole('dialog').waitFor();
    await page().keyboard.press('Control+.');
    await expect.poll(() => calls('killswitch.engage')).toEqual([{ level: 5 }]);
  });

  it('asks for the passphrase where one is set', async () => {
    await screens.open({ scene: 'stopped' });
    await button('Start again').first().click();
    await page().getByRole('textbox', { name: 'The words' }).fill('start again');
    expect(await page().getByRole('dialog').getByRole('button', { name: 'Start again' }).isDisabled()).toBe(true);
    await page().getByLabel('Passphrase').fill('correct horse');
    await page().getByRole('dialog').getByRole('button', { name: 'Start again' }).click();
    await page().getByRole('log').waitFor();
  });

  it('stops less by its menu, leaves the rest usable, and cuts off the language model alone', async () => {
    await screens.open({ scene: 'hands' });
    await button('Stop less than everything').click();
    await page().getByRole('menuitem', { name: 'Stop the tools' }).click();
    await page().getByText('Answers and tools are stopped.').first().waitFor();
    expect(await page().getByRole('log').count()).toBe(1);
    await kill({ level: 0, languageCutOff: true })();
    await page().getByText('The language model is cut off.').first().waitFor();
    await button('Switch the language model on').click();
    await expect.poll(() => calls('killswitch.cutLanguage')).toEqual([{ cut: false }]);
  });
});

describe('what it did', () => {
  it('finds by words and state, and says that a broken chain is broken', async () => {
    await screens.open({ scene: 'hands' });
    await page().evaluate(() => window.fakeCore.hands.setVerdict({ state: 'broken', count: 1240, atLine: 877 }));
    await page().keyboard.press('Alt+5');
    await page().getByText('The records were changed at line 877.').waitFor();
    await page().getByRole('searchbox').fill('norway');
    await expect.poll(() => page().locator('[data-call]').count()).toBe(2);
    await page().getByRole('searchbox').fill('');
    await page().getByLabel('State').selectOption('refused');
    await expect.poll(() => page().locator('[data-call]').count()).toBe(1);
    await page()
      .getByText(/Editor on the laptop/)
      .waitFor();
  });

  it('keeps only what is in view of a year of work, and saves all of it as data', async () => {
    await screens.open({ scene: 'year' });
    await page().keyboard.press('Alt+5');
    await firstCard().waitFor();
    expect(await page().locator('[data-call]').count()).toBeLessThan(40);
    await button('Save as data').click();
    await expect.poll(async () => [...(await screens.downloads()).keys()].some((name) => name.endsWith('.json'))).toBe(true);
    const saved = [...(await screens.downloads()).entries()].find(([name]) => name.endsWith('.json'))?.[1];
    expect(JSON.parse(saved?.toString() ?? '[]')).toHaveLength(3000);
  });

  it('forgets a yes that was kept', async () => {
    await screens.open({ scene: 'hands' });
    await page().keyboard.press('Alt+5');
    await page().getByRole('radio', { name: 'Always allowed' }).click();
    await button(/^Forget: Run git/).click();
    await expect.poll(() => calls('tools.forget')).toEqual([{ id: 'r1' }]);
    await expect.poll(() => page().getByText('Run git -C site status').count()).toBe(0);
  });
});

describe('hands', () => {
  it('say what is missing without Docker, how to get it, and what works anyway', async () => {
    await screens.open({ scene: 'no-docker' });
    await page().keyboard.press('Alt+6');
    await page().getByText('Docker is missing. Commands cannot run.').waitFor();
    await page()
      .getByText(/^These work without it: Read a file/)
      .waitFor();
    await button('How to get Docker').click();
    expect(await calls('app.openExternal')).toHaveLength(1);
    await page().evaluate(() => window.fakeCore.hands.setSandbox({ state: 'no-image', problem: null }));
    await button('Build the room').click();
    await page().getByRole('progressbar', { name: 'The room is being built' }).waitFor();
  });

  it('show a changed tool beside what it was, and agree to it only on demand', async () => {
    await screens.open({ scene: 'hands' });
    await page().keyboard.press('Alt+6');
    await page()
      .getByText(/always read ~\/.ssh\/id_rsa/)
      .waitFor();
    await page().getByText('Delete multiple entities and their associated relations').waitFor();
    await page().getByRole('listitem').filter({ hasText: 'Has changed' }).last().getByRole('button', { name: 'Leave it off' }).click();
    await expect
      .poll(() => calls('mcp.decide'))
      .toEqual([{ id: 's1', tool: 'memory_delete_entities', rights: ['connector'], policy: 'off' }]);
  });

  it('take a secret and never show it again', async () => {
    await screens.open({ scene: 'hands' });
    await page().keyboard.press('Alt+6');
    await button('Add a secret').click();
    const form = page().getByRole('form', { name: 'Add a secret' });
    await form.getByLabel('Name').fill('WEATHER');
    await form.getByLabel('Value').fill('hunter2-hunter2');
    await form.getByLabel('May be sent to').fill('api.weather.example');
    await form.getByRole('button', { name: 'Save' }).click();
    await page().getByText('Sent only to api.weather.example').waitFor();
    expect(await page().evaluate(() => document.documentElement.outerHTML.includes('hunter2'))).toBe(false);
  });

  it('show the token of another program once', async () => {
    await screens.open({ scene: 'hands' });
    await page().keyboard.press('Alt+6');
    await page().getByLabel('Name of the program').fill('My editor');
    await button('Make a token').click();
    await page().getByText('ocd_4fK9vQ2mZ7tR1xW8bN3pL6sD').waitFor();
    await page().keyboard.press('Alt+1');
    await page().keyboard.press('Alt+6');
    await page().getByText('Never used').waitFor();
    expect(await page().getByText('ocd_4fK9vQ2mZ7tR1xW8bN3pL6sD').count()).toBe(0);
  });
});
