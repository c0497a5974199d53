import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { holdPlug } from './spoken-plug.ts';
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
/** Looked at by people where this is set; nothing depends on it. */
const PICTURES = process.env['OPENCLAW_PICTURES'];

type Step = () => Promise<unknown>;
/** Waits until it is seen: the code for calls comes when the first one rings. */
const ring = async (patch: object = {}): Promise<void> => {
  await page().evaluate((given) => window.fakeCore.phone.call(given), patch);
  await page().locator('[data-ringing]').first().waitFor();
};
const callBar: Step = () => page().locator('[data-call-bar]').waitFor();
const assistantCall: Step = async () => {
  await page().evaluate(() => window.fakeCore.phone.assistantCall());
  await callBar();
};
const showCalls: Step = async () => {
  await page().keyboard.press('Alt+7');
  await page().locator('h1').waitFor();
};
const part =
  (name: RegExp): Step =>
  async () => {
    await showCalls();
    await page().getByRole('radio', { name }).first().click();
  };
const openEntry: Step = async () => {
  await showCalls();
  await page().locator('[data-entry="r1"]').click();
  await page().locator('[data-segment]').first().waitFor();
};
const phoneSettings: Step = async () => {
  await page().keyboard.press('Alt+4');
  await button(/^(?:Phone|Telefon)$/).click();
  await page().locator('[data-phone-state]').waitFor();
};
const ownCall: Step = async () => {
  await page().evaluate(() =>
    window.fakeCore.phone.call({
      answeredAtMs: Date.now() - 3_720_000,
      state: { state: 'talking', by: 'owner', held: false, muted: false, listening: false, recording: true },
      trouble: { code: 'phone.one-way-sound', message: 'No sound comes from the other end.', details: {} },
    }),
  );
  await callBar();
};
const askedElsewhere: Step = async () => {
  await page().evaluate(() =>
    window.fakeCore.phone.call({
      answeredAtMs: Date.now() - 95_000,
      state: {
        state: 'talking',
        by: 'owner',
        held: false,
        muted: false,
        listening: false,
        recording: false,
        consulting: { number: '+4930220910', answered: true },
      },
    }),
  );
  await callBar();
};
const openPanel: Step = async () => {
  await ownCall();
  await button(/^(?:Show captions|Untertitel und mehr)/).click();
  await button(/^(?:Keypad|Tasten)$/).click();
};

const AWKWARD = {
  id: 'call-2',
  party: {
    number: '+12125550143',
    name: '<b>Dr. Konstantin-Alexander von Hohenlohe-Waldenburg</b> & Partner',
    contactId: null,
    standing: 'unknown',
  },
  way: 'peoplefone',
  screeningText: 'My name is von Hohenlohe <script>alert(1)</script>, and it is about the contract of last week, which has to be signed.',
};

const SCREENS: [string, Record<string, string>, Step][] = [
  ['a call that rings', {}, () => ring()],
  [
    'two calls that ring',
    {},
    async () => {
      await ring();
      await ring(AWKWARD);
    },
  ],
  ['a caller who is screened', {}, () => ring({ state: { state: 'ringing', screening: true } })],
  ['the call of the assistant', {}, assistantCall],
  ['the call of the owner', {}, ownCall],
  ['a call while somebody else is asked', {}, askedElsewhere],
  [
    'a call that rings while another page is the telephone',
    {},
    async () => {
      await page().evaluate(() => window.fakeCore.phone.setElsewhere(true));
      await ring();
    },
  ],
  ['the panel of a call', {}, openPanel],
  ['the log', {}, showCalls],
  ['the log before the first call', { scene: 'phone-off' }, showCalls],
  ['an entry of the log', {}, openEntry],
  ['the dial pad', {}, part(/Dial|Wählen/)],
  ['the phone book', {}, part(/Phone book|Telefonbuch/)],
  ['the statistics', {}, part(/Statistics|Statistik/)],
  ['the settings of the phone', {}, phoneSettings],
  ['the phone before it is set up', { scene: 'phone-off' }, phoneSettings],
  ['set-up half done', { scene: 'phone-half' }, phoneSettings],
  ['set-up with a failed step', { scene: 'phone-failed' }, phoneSettings],
];

/** Every screen once, those that differ there once more on a narrow one. All of all would take longer than they are worth. */
const LOOKS = [
  { theme: 'ink', size: WIDE, locale: 'en', screens: SCREENS },
  { theme: 'paper', size: NARROW, locale: 'de', screens: SCREENS.filter(([name]) => !/screened|half|before/.test(name)) },
  // Between the two nothing but what hangs over the others can be in the way.
  { theme: 'ink', size: MEDIUM, locale: 'de', screens: SCREENS.filter(([name]) => /two calls|panel/.test(name)) },
] as const;

describe('every screen of the phone', () => {
  for (const { theme, size, locale, screens: shown } of LOOKS) {
    it.each(shown)(`is accessible and fits: %s, ${theme}, ${size.width} px, ${locale}`, async (name, scene, step) => {
      await screens.open({ ...scene, theme, locale }, size);
      await page().locator('[data-ring], h1').first().waitFor();
      await step();
      await page().waitForTimeout(400);
      await keepPicture(`${name}-${theme}-${size.width}`);
      expect(await screens.accessibilityFaults()).toEqual([]);
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    });
  }
});

async function keepPicture(name: string): Promise<void> {
  if (PICTURES === undefined) return;
  await mkdir(PICTURES, { recursive: true });
  await page().screenshot({ path: join(PICTURES, `${name.replaceAll(' ', '-')}.png`) });
}

it('the screens of the phone fit with the largest text and the longest words', async () => {
  for (const step of [showCalls, openEntry, part(/Wählen/), part(/Telefonbuch/), part(/Statistik/), phoneSettings]) {
    await screens.open({ locale: 'de', text: '200', address: 'sie' }, NARROW);
    await step();
    await page().waitForTimeout(400);
    expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  }
});

const shape = (): Promise<string | null> => page().locator('[data-ring]').getAttribute('data-ring');

describe('the stage', () => {
  it('shows that it rings and that the owner is on the telephone, and its button is for the call then', async () => {
    await screens.open({});
    await ring();
    await eventually(shape).toBe('ringing');
    expect(await page().title()).toBe('Maria Brandt calls');
    await page().keyboard.press('Alt+p');
    await eventually(shape).toBe('call');
    expect(await page().title()).toBe('OpenClaw Desktop');
    await page()
      .getByText(/^Maria Brandt · 0:\d\d$/)
      .waitFor();
    await button('Mute yourself in the call').click();
    await expect.poll(() => calls('phone.mute')).toEqual([{ callId: 'call-1', on: true }]);
    await eventually(shape).toBe('muted');
    await button('Unmute yourself in the call').click();
    await page().keyboard.press('Alt+h');
    await page().getByText('Ended here').waitFor();
    await eventually(shape).not.toBe('call');
  });
});

describe('calls that were missed', () => {
  it('are counted on the rail until the log is seen', async () => {
    await screens.open({});
    await page().evaluate(() => localStorage.setItem('openclaw.callsSeen', '1'));
    await screens.open({ scene: 'year' });
    await button(/^Calls.*99 calls missed$/).waitFor();
    await showCalls();
    await page().locator('[data-missed]').waitFor({ state: 'detached' });
  });
});

describe('the telephone of another page', () => {
  it('is said where it matters, and is taken over by a click', async () => {
    await screens.open({});
    await page().evaluate(() => window.fakeCore.phone.setElsewhere(true));
    await ring();
    await page().locator('[data-ringing]').getByText('Another open page is the telephone.').waitFor();
    expect(await button(/^Answer$/).isDisabled()).toBe(true);
    await button('Make it this one').click();
    await expect.poll(() => button(/^Answer$/).isDisabled()).toBe(false);
    expect(await calls('phone.softphone')).toContainEqual({ takeOver: true });
  });
});

describe('the microphone of a call', () => {
  it('is missed at once when it is pulled, and taken again when it is back', async () => {
    await screens.open({});
    const plug = await holdPlug(page());
    await ring();
    await button(/^Answer$/).click();
    await callBar();
    const bar = page().locator('[data-call-bar]');
    await expect.poll(() => bar.getByText(/There is no microphone/).count()).toBe(0);
    await plug.pull();
    await bar.getByText(/There is no microphone/).waitFor();
    await plug.plugIn();
    await expect.poll(() => bar.getByText(/There is no microphone/).count()).toBe(0);
    await plug.pull();
    await bar.getByRole('button', { name: 'Choose' }).click();
    await page().getByRole('combobox', { name: 'Microphone' }).waitFor();
  });
});

describe('a call that rings', () => {
  it('is announced at once, keeps the focus where it is, and is answered by key', async () => {
    await screens.open({});
    await page().getByRole('textbox', { name: 'Message' }).click();
    await ring();
    await page().locator('[data-ringing]').waitFor();
    await page()
      .locator('[aria-live="assertive"]', { hasText: 'Call from Maria Brandt. In the phone book.' })
      .waitFor({ state: 'attached' });
    expect(await page().evaluate(() => document.activeElement?.tagName)).toBe('TEXTAREA');
    await page().keyboard.press('Alt+p');
    await expect.poll(() => calls('phone.answer')).toEqual([{ callId: 'call-1', by: 'owner' }]);
    await page().locator('[data-ringing]').waitFor({ state: 'detached' });
    await page().locator('[data-call-bar]').waitFor();
  });

  it('leaves the off-switch in reach, and can be answered over an open dialog', async () => {
    await screens.open({});
    await page().keyboard.press('Control+k');
    await page().getByRole('dialog').waitFor();
    await ring();
    await button('Let the assistant answer').click();
    await expect.poll(() => calls('phone.answer')).toEqual([{ callId: 'call-1', by: 'assistant' }]);
    await ring({ id: 'call-9' });
    await button('Stop everything').first().click();
    await expect.poll(() => calls('killswitch.engage')).toHaveLength(1);
  });

  it('shows words from outside as words', async () => {
    await screens.open({});
    await ring(AWKWARD);
    const card = page().locator('[data-ringing]');
    await card.getByText('<script>alert(1)</script>').waitFor();
    await card.getByText('<b>Dr. Konstantin-Alexander').waitFor();
    expect(await page().locator('[data-ringing] b, [data-ringing] script').count()).toBe(0);
  });

  it('is blocked with a way back, and a message is taken from the other', async () => {
    await screens.open({});
    await ring({ startedAtMs: Date.now() - 5000 });
    await ring(AWKWARD);
    await page().locator('[data-ringing="call-2"]').getByRole('button', { name: 'Block' }).click();
    await expect.poll(() => calls('phone.reject')).toEqual([{ callId: 'call-2', reason: 'blocked' }]);
    await expect.poll(() => calls('phone.block')).toEqual([{ number: '+12125550143', blocked: true }]);
    await button('Undo').click();
    await expect.poll(() => calls('phone.block')).toHaveLength(2);
    await page().locator('[data-ringing="call-1"]').getByRole('button', { name: 'Not now' }).click();
    await expect.poll(() => calls('phone.answer')).toEqual([{ callId: 'call-1', by: 'message' }]);
  });

  it('leaves “hang up” free: its way back lies below the bar of the call under way', async () => {
    await screens.open({}, NARROW);
    await assistantCall();
    await ring({ id: 'call-2', state: { state: 'ringing', screening: false } });
    await page().locator('[data-ringing="call-2"]').getByRole('button', { name: 'Block' }).click();
    await button('Undo').waitFor();
    const bar = await page().locator('[data-call-bar]').boundingBox();
    const undo = await button('Undo').boundingBox();
    expect(undo?.y).toBeGreaterThan((bar?.y ?? 0) + (bar?.height ?? 0));
  });
});

describe('the call of the assistant', () => {
  it('shows both sides, takes a whisper, is listened to, taken over, handed back and ended', async () => {
    await screens.open({});
    await assistantCall();
    const log = page().getByRole('log', { name: 'What is said' });
    await log.getByText('How can I help?').waitFor();
    expect(await log.locator('img').count()).toBe(0);
    await page().evaluate(() => window.fakeCore.phone.caption({ seq: 3, text: 'The table is booked for seven.', final: true }));
    await log.getByText('The table is booked for seven.').waitFor();
    expect(await log.locator('[data-speaker]').count()).toBe(4);
    await page().getByRole('textbox', { name: 'Whisper to the assistant' }).fill('Say yes');
    await page().keyboard.press('Enter');
    await page().getByText('Whispered: Say yes').waitFor();
    await button('Listen in').click();
    await button('Stop listening in').waitFor();
    await button('Take over').first().click();
    await button('Mute your microphone').click();
    await button('Unmute your microphone').waitFor();
    await button('Hand back to the assistant').click();
    await button('Hold').click();
    await button('Go on').waitFor();
    await page().keyboard.press('Alt+h');
    await page().getByText('Ended here').waitFor();
    expect(await calls('phone.whisper')).toEqual([{ callId: 'call-1', text: 'Say yes' }]);
    expect(await calls('phone.takeOver')).toHaveLength(1);
    expect(await calls('phone.handOver')).toHaveLength(1);
  });

  it('is handed on with a briefing, and hears keys', async () => {
    await screens.open({});
    await assistantCall();
    await button('Keypad').click();
    await button('5').click();
    await page().keyboard.press('#');
    await expect
      .poll(() => calls('phone.sendDigits'))
      .toEqual([
        { callId: 'call-1', digits: '5' },
        { callId: 'call-1', digits: '#' },
      ]);
    const sent = page().getByRole('status', { name: 'Keys sent' });
    await expect.poll(() => sent.textContent()).toBe('5#');
    await page().evaluate(() =>
      window.fakeCore.failNext('phone.sendDigits', 'phone.control-lost', 'The connection to the exchange is lost.'),
    );
    await button('7').click();
    await page().getByText('“7” was not sent. Press it again.').waitFor();
    expect(await sent.textContent()).toBe('5#');
    await button('Hand on').click();
    const form = page().getByRole('form', { name: 'Hand on' });
    await form.getByLabel('To whom').fill('mari');
    await form
      .getByRole('button', { name: /Maria Brandt/ })
      .first()
      .click();
    await form.getByLabel('What the assistant says there').fill('It is about Thursday');
    await form.getByRole('button', { name: 'Hand on' }).click();
    await expect
      .poll(() => calls('phone.transfer'))
      .toEqual([{ callId: 'call-1', number: '+4930901820', kind: 'attended', briefing: 'It is about Thursday' }]);
  });
});

describe('handing on one’s own call', () => {
  it('goes by way of the third one: joined with them, or taken back', async () => {
    await screens.open({});
    await askedElsewhere();
    const bar = page().locator('[data-call-bar]');
    await bar.getByText('Maria Brandt waits.').waitFor();
    await button('Come back').click();
    await expect.poll(() => bar.getByText('Maria Brandt waits.').count()).toBe(0);
    await askedElsewhere();
    await button('Join both').click();
    await page().getByText('Handed on').waitFor();
    expect(await calls('phone.finishTransfer')).toEqual([
      { callId: 'call-1', how: 'return' },
      { callId: 'call-1', how: 'join' },
    ]);
  });
});

describe('calls out', () => {
  it('are placed by name for oneself, or with a purpose by the assistant', async () => {
    await screens.open({});
    await part(/Dial/)();
    await page().getByRole('textbox', { name: 'Number or name' }).fill('feld');
    await button(/Dentist Dr. Feldmann/).click();
    expect(await button('Let the assistant call').isDisabled()).toBe(true);
    await page().getByRole('textbox', { name: 'What the assistant calls for' }).fill('Ask for an appointment next week');
    await button('Let the assistant call').click();
    await expect
      .poll(() => calls('phone.dial'))
      .toEqual([{ number: '+4930220910', by: 'assistant', purpose: 'Ask for an appointment next week' }]);
    await page().getByText('Rings there').waitFor();
  });
});

describe('the settings of the phone', () => {
  it('show how set-up goes, and what went wrong', async () => {
    await screens.open({ scene: 'phone-off' });
    await phoneSettings();
    await button('Set up').click();
    await page().locator('[data-step="running"]', { hasText: 'Docker is there' }).waitFor();
    await page().evaluate(() =>
      window.fakeCore.phone.setStatus({ state: 'ready', source: 'container', version: '22.10.1', softphone: true }),
    );
    await page().getByText('The phone is ready.').waitFor();
  });

  it('save a trunk of a known provider, and say what Asterisk has against another', async () => {
    await screens.open({});
    await phoneSettings();
    await button('Add a trunk').click();
    const form = page().getByRole('form', { name: 'Add a trunk' });
    await form.getByLabel('Provider').selectOption('zadarma');
    await form.getByLabel('SIP user').fill('123456');
    await form.getByLabel('SIP password').fill('secret');
    await form.getByLabel('Server').fill('invalid.example.org');
    await form.getByRole('button', { name: 'Save' }).click();
    await page()
      .getByText(/does not accept this configuration/)
      .waitFor();
    await form.getByLabel('Provider').selectOption('zadarma');
    await form.getByRole('button', { name: 'Save' }).click();
    await page().getByText('Zadarma is in use now.', { exact: true }).waitFor();
    const [, saved] = await calls('phone.saveTrunk');
    expect(saved).toMatchObject({ host: 'sip.zadarma.com', username: '123456', password: 'secret', preset: 'zadarma' });
  });

  it('let a phone ring along, or not', async () => {
    await screens.open({});
    await phoneSettings();
    const first = page()
      .getByRole('switch', { name: /rings along/ })
      .first();
    const before = await first.getAttribute('aria-checked');
    await first.click();
    await expect.poll(() => first.getAttribute('aria-checked')).toBe(before === 'true' ? 'false' : 'true');
    expect(await calls('phone.saveMobile')).toHaveLength(1);
  });

  it('show a phone what it needs, once', async () => {
    await screens.open({});
    await phoneSettings();
    await button('Add a phone').first().click();
    await page().getByRole('textbox', { name: 'Name of the phone' }).fill('Pocket');
    await page().getByRole('form', { name: 'Add a phone' }).getByRole('button', { name: 'Add a phone' }).click();
    await page().getByRole('img', { name: 'Picture to scan with Pocket' }).waitFor();
    await page().getByText('kM7v-Rt2q-Xw9b').waitFor();
    await button('Done').click();
    await expect.poll(() => page().getByText('kM7v-Rt2q-Xw9b').count()).toBe(0);
  });
});
