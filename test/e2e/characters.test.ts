import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FaceWindowScene } from '../../src-renderer/features/face/face-window-messages.ts';
import { eventually } from './eventually.ts';
import { openScreensWindow, type ScreensWindow } from './screens-window.ts';

let screens: ScreensWindow;
let portrait: Buffer;
beforeAll(async () => {
  portrait = await readFile(resolve(import.meta.dirname, '../../resources/characters/default/portrait.webp'));
  screens = await openScreensWindow();
});
afterAll(() => screens.close());
/** No screen may throw, log an error, or do what the strict content policy forbids. */
afterEach(() => expect(screens.takeFaults()).toEqual([]));

const page = (): ScreensWindow['page'] => screens.page;
const calls = (name: string): Promise<unknown[]> =>
  page().evaluate((wanted) => window.fakeCore.calls.filter((call) => call.name === wanted).map((call) => call.input), name);
const button = (name: string | RegExp) => page().getByRole('button', { name });
const names = (): Promise<string[]> => page().getByRole('heading', { level: 2 }).allTextContents();
/** The last words of a file choose what the fake core finds in it, see screens.ts. */
const picture = (faces: 'one' | 'two-faces' | 'none-faces') => ({
  name: 'ada.webp',
  mimeType: 'image/webp',
  buffer: Buffer.concat([portrait, Buffer.from(faces)]),
});

async function openGallery(scene = 'characters'): Promise<void> {
  await screens.open({ scene });
  await page().keyboard.press('Alt+2');
  await page().getByRole('heading', { name: 'Nova' }).waitFor();
}

async function openNew(faces: 'one' | 'two-faces' | 'none-faces'): Promise<void> {
  await screens.open({});
  await page().keyboard.press('Alt+c');
  await page().getByText('Drop a photo or a drawing here').waitFor();
  await page().locator('input[type=file]').first().setInputFiles(picture(faces));
}

async function openEditor(name: string): Promise<void> {
  await openGallery();
  await button(`Actions for ${name}`).click();
  await page().getByRole('menuitem').first().click();
  await page().getByRole('heading', { level: 1, name }).waitFor();
}

async function openFilm(): Promise<void> {
  await openEditor('Captain Ada');
  await page().getByRole('combobox', { name: 'How the picture moves' }).selectOption('SadTalker, for clips');
  await page()
    .getByText(/^Only for clips, which a face server of yours makes/)
    .waitFor();
  await eventually(() => calls('characters.update')).toMatchObject([{ patch: { renderer: { type: 'sadtalker' } } }]);
  await button('Save a clip').click();
  await button('Make the clip').click();
  await page()
    .getByRole('dialog')
    .getByText(/^The face server is making the film/)
    .waitFor();
}
const filmShare = () => page().getByRole('dialog').getByRole('progressbar').getAttribute('aria-valuenow');

describe('the gallery', () => {
  it('finds by name, style and tag, and says when nobody fits', async () => {
    await openGallery();
    expect(await names()).toHaveLength(5);
    await page().getByRole('radio', { name: 'Cyberpunk' }).click();
    expect(await names()).toEqual(['Rex Static']);
    await page().getByRole('searchbox', { name: 'Name, tag or trait' }).fill('nova');
    await page().getByText('Nobody fits.').waitFor();
    await button('Show all').click();
    await page().getByRole('combobox', { name: 'Tag' }).selectOption('family');
    expect(await names()).toHaveLength(2);
  });

  it('puts a character on the stage in mid-conversation, and the stage shows their face', async () => {
    await openGallery();
    await button('Use Rex Static').click();
    await eventually(() => calls('characters.use')).toEqual([{ id: 'cyberpunk-host' }]);
    await eventually(() => button('Use Rex Static').isDisabled()).toBe(true);
    await page().keyboard.press('Alt+1');
    await page().getByRole('img', { name: 'Picture of Rex Static' }).waitFor();
    await page().getByRole('heading', { level: 1, name: 'The largest planet' }).waitFor();
  });

  it('moves the one face that is looked at, and lets it speak', async () => {
    await openGallery();
    await page().getByRole('heading', { name: 'Miss Vega' }).hover();
    await page().locator('.live-face[data-drawn="true"]').waitFor();
    expect(await calls('characters.preload')).toContainEqual({ id: 'retro-assistant' });
    await button('Hear Miss Vega').click();
    await eventually(() => calls('characters.speakSample')).toEqual([{ id: 'retro-assistant' }]);
    await eventually(() => page().evaluate(() => window.fakeCore.reports.length)).toBeGreaterThan(0);
    expect(await page().locator('.live-face').count()).toBe(1);
  });

  it('deletes one and takes it back', async () => {
    await openGallery();
    await button('Actions for Captain Ada').click();
    await page().getByRole('menuitem', { name: 'Delete' }).click();
    await eventually(names).not.toContain('Captain Ada');
    await button('Undo').click();
    await eventually(names).toContain('Captain Ada');
    expect(await calls('characters.restore')).toEqual([{ id: 'captain' }]);
  });

  it('takes a saved character that is dropped anywhere, and says what it cannot take', async () => {
    await openGallery();
    const drop = (name: string) =>
      page().evaluate((fileName) => {
        const data = new DataTransfer();
        data.items.add(new File(['bytes'], fileName));
        const target = document.querySelector('h1');
        for (const type of ['dragenter', 'dragover', 'drop'])
          target?.dispatchEvent(new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }));
      }, name);
    await drop('friend.character');
    await page().getByText('Imported has moved in.').first().waitFor();
    expect(await calls('characters.import')).toEqual([{ file: expect.stringContaining('upload') }]);
    await drop('voice.ogg');
    await page().getByText('This file is no picture').first().waitFor();
  });

  it('offers to try again when the list cannot be read', async () => {
    await screens.open({});
    await page().evaluate(() => window.fakeCore.failNext('characters.list', 'store.failed', 'The folder cannot be read.'));
    await page().keyboard.press('Alt+2');
    // The page has asked at its start already: the list is there, and only the message tells of the failure.
    await page().getByText('The folder cannot be read.').first().waitFor();
    expect(await names()).toContain('Nova');
  });
});

describe('the palette', () => {
  it('switches to a character by a few letters', async () => {
    await screens.open({});
    await page().keyboard.press('Control+k');
    await page().getByRole('combobox').fill('rex');
    await page().keyboard.press('Enter');
    await eventually(() => calls('characters.use')).toEqual([{ id: 'cyberpunk-host' }]);
  });
});

describe('a new character', () => {
  it('comes from a picture, a name and a few words, and speaks at once', async () => {
    await openNew('one');
    await page().getByText('A face was found.').waitFor();
    await page().getByLabel('A few words about them').fill('a retired sea captain');
    await button('Draft persona').click();
    await eventually(() => page().getByLabel('Name').inputValue()).toBe('Ada');
    await button('Create').click();
    await page().getByRole('heading', { level: 1, name: 'Ada' }).waitFor();
    expect(await calls('characters.createFromPortrait')).toEqual([
      {
        portrait: expect.stringContaining('upload'),
        name: 'Ada',
        description: 'a retired sea captain.',
        face: 0,
        anchors: null,
        style: 'stylized',
        voiceSample: null,
        consent: false,
      },
    ]);
    expect(await calls('characters.update')).toMatchObject([{ patch: { personality: { traits: ['dry', 'kind'] } } }]);
    await eventually(() => calls('characters.speakSample')).toHaveLength(1);
  });

  it('lets the owner choose among several faces with the keyboard', async () => {
    await openNew('two-faces');
    await page().getByText('2 faces were found. Choose one.').waitFor();
    await page().getByRole('radio', { name: 'Face 1' }).focus();
    await page().keyboard.press('ArrowDown');
    await page().getByText('The face is small in the picture.').waitFor();
    await page().getByLabel('Name').fill('Two');
    await button('Create').click();
    await eventually(() => calls('characters.createFromPortrait')).toMatchObject([{ face: 1 }]);
  });

  it('takes points that were dragged or moved with the keyboard when no face was found', async () => {
    await openNew('none-faces');
    await page().getByText('No face was found.').waitFor();
    await eventually(() => calls('characters.fitAnchors')).toHaveLength(1);
    await eventually(() => page().locator('path.face-line').getAttribute('d')).toContain('M');
    const chin = button(/^Chin/);
    const [before] = (await calls('characters.fitAnchors')) as { anchors: { chin: [number, number] } }[];
    await chin.focus();
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Shift+ArrowRight');
    const box = await button(/^Left eye/).boundingBox();
    await page().mouse.move((box?.x ?? 0) + 16, (box?.y ?? 0) + 16);
    await page().mouse.down();
    await page().mouse.move((box?.x ?? 0) + 56, (box?.y ?? 0) + 16);
    await page().mouse.up();
    await page().getByLabel('Name').fill('Drawn');
    await button('Create').click();
    await eventually(() => calls('characters.createFromPortrait')).toHaveLength(1);
    const [created] = (await calls('characters.createFromPortrait')) as { anchors: Record<'chin' | 'leftEye', [number, number]> }[];
    expect(created?.anchors.chin[0]).toBeGreaterThan(before?.anchors.chin[0] ?? Infinity);
    expect(created?.anchors.chin[1]).toBeGreaterThan(before?.anchors.chin[1] ?? Infinity);
    expect(created?.anchors.leftEye[0]).toBeGreaterThan(640);
  });

  it('says why a picture cannot be used and takes another', async () => {
    await screens.open({});
    await page().keyboard.press('Alt+c');
    await page().getByText('Drop a photo or a drawing here').waitFor();
    await page().evaluate(() => window.fakeCore.failNext('characters.analysePortrait', 'portrait.unreadable', 'The picture is cut off.'));
    await page().locator('input[type=file]').first().setInputFiles(picture('one'));
    await page().getByText('The picture is cut off.').waitFor();
    await page().locator('input[type=file]').first().setInputFiles(picture('one'));
    await page().getByText('A face was found.').waitFor();
  });

  it('takes a voice sample only with its speaker’s consent', async () => {
    await openNew('one');
    await page().getByLabel('Name').fill('Voiced');
    await page()
      .locator('input[accept*="wav"]')
      .setInputFiles({ name: 'me.wav', mimeType: 'audio/wav', buffer: Buffer.from('RIFF') });
    await page().getByText('The voice sample needs its speaker’s consent.').waitFor();
    expect(await button('Create').isDisabled()).toBe(true);
    await page().getByRole('checkbox').check();
    await button('Create').click();
    await expect
      .poll(() => calls('characters.createFromPortrait'))
      .toMatchObject([{ consent: true, voiceSample: expect.stringContaining('upload') }]);
    await page()
      .getByText(/A sample of 8 s is in use/)
      .waitFor();
  });

  it('is painted from words where there is no picture, and keeps the words when that fails', async () => {
    await screens.open({});
    await page().keyboard.press('Alt+c');
    await page().getByText('Or have one painted').click();
    await page().evaluate(() =>
      window.fakeCore.failNext('characters.paint', 'images.none', 'No image generator is set. Choose one in the settings.'),
    );
    await page().getByRole('textbox', { name: 'Description of the picture' }).fill('an old captain');
    await button('Paint').click();
    await page().getByText('No image generator is set.').waitFor();
    await button('Paint').click();
    await button('Take picture 2').click();
    await page().getByText('A face was found.').waitFor();
    expect(await calls('characters.analysePortrait')).toEqual([{ portrait: 'painted-1' }]);
  });
});

describe('the editor', () => {
  it('writes changes by itself and takes them all back', async () => {
    await openEditor('Captain Ada');
    await page().getByLabel('Name').fill('Admiral Ada');
    await eventually(() => calls('characters.update')).toEqual([{ id: 'captain', patch: { name: 'Admiral Ada' } }]);
    await page().getByRole('slider', { name: 'Pitch' }).focus();
    await page().keyboard.press('ArrowRight');
    await eventually(() => calls('characters.update')).toMatchObject([{}, { patch: { voice: { pitch: 0.5 } } }]);
    await button('Undo all changes').click();
    await expect
      .poll(async () => (await calls('characters.update')).at(-1))
      .toMatchObject({ patch: { name: 'Captain Ada', voice: { pitch: 0 } } });
    expect(await page().getByLabel('Name').inputValue()).toBe('Captain Ada');
  });

  it('writes what waits before it lets the character speak, and when it is left', async () => {
    await openEditor('Captain Ada');
    await page().getByRole('slider', { name: 'Stutters' }).focus();
    await page().keyboard.press('ArrowRight');
    await page().getByRole('textbox', { name: 'Something to say' }).fill('Anchor');
    await button('Try').click();
    await eventually(() => calls('characters.speakSample')).toEqual([{ id: 'captain', text: 'Anchor' }]);
    const order = await page().evaluate(() =>
      window.fakeCore.calls.map(({ name }) => name).filter((name) => /update|speakSample/.test(name)),
    );
    expect(order).toEqual(['characters.update', 'characters.speakSample']);
    await page().getByLabel('In one line').fill('Left in the middle');
    await page().keyboard.press('Alt+1');
    await eventually(async () => (await calls('characters.update')).length).toBe(2);
  });

  it('keeps what was typed when it cannot be written, and tries again', async () => {
    await openEditor('Captain Ada');
    await page().evaluate(() => window.fakeCore.failNext('characters.update', 'character.disk-full', 'The disk is full. Free some space.'));
    await page().getByLabel('Name').fill('Kept');
    await page().getByText('The disk is full. Free some space.').waitFor();
    expect(await page().getByLabel('Name').inputValue()).toBe('Kept');
    await button('Try again').click();
    await page().getByText('Saved', { exact: true }).waitFor();
    expect(await calls('characters.update')).toEqual([
      { id: 'captain', patch: { name: 'Kept' } },
      { id: 'captain', patch: { name: 'Kept' } },
    ]);
  });

  it('shows a shipped character as it is and changes a copy', async () => {
    await openEditor('Rex Static');
    expect(await page().getByLabel('Name').isDisabled()).toBe(true);
    await button('Duplicate to change').click();
    await page().getByRole('heading', { level: 1, name: 'Rex Static 2' }).waitFor();
    expect(await page().getByLabel('Name').isDisabled()).toBe(false);
  });
});

describe('a film by a face server', () => {
  it('shows how far it is, and is saved when it is there', async () => {
    await openFilm();
    await eventually(filmShare).toBe('50');
    await page().getByRole('dialog').getByText('Saved as Captain Ada.mp4.').waitFor();
    expect(await calls('characters.cancelClip')).toEqual([]);
    expect([...(await screens.downloads()).keys()].at(-1)).toContain('Captain Ada.mp4');
  });

  it('is given up, at the server too, when its dialog is closed', async () => {
    await openFilm();
    await eventually(filmShare).toBe('25');
    await page().keyboard.press('Escape');
    await eventually(() => calls('characters.cancelClip')).toEqual([{}]);
    expect(await page().getByRole('dialog').count()).toBe(0);
  });

  it('goes with a token that the owner gives once', async () => {
    await screens.open({});
    await page().keyboard.press('Control+k');
    await page().getByRole('combobox').fill('address of the face server');
    await page().keyboard.press('Enter');
    await page().getByRole('textbox', { name: 'Token of the face server' }).fill('not for everyone');
    await page().getByRole('form', { name: 'Token of the face server' }).getByRole('button', { name: 'Save' }).click();
    await eventually(() => calls('secrets.set')).toEqual([{ name: 'films.token', value: 'not for everyone' }]);
    await page().getByText('A key is stored. Type a new one to replace it.').waitFor();
    expect(await page().getByRole('textbox', { name: 'Token of the face server' }).inputValue()).toBe('');
    expect(await screens.accessibilityFaults()).toEqual([]);
  });
});

describe('the face on the stage', () => {
  it('keeps its portrait, and nothing else happens, where there is no WebGL', async () => {
    await screens.page.addInitScript(() => {
      if (!location.search.includes('webgl=off')) return;
      const original = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function getContext(this: HTMLCanvasElement, kind: string, ...rest: unknown[]) {
        return kind.startsWith('webgl') ? null : Reflect.apply(original, this, [kind, ...rest]);
      } as typeof original;
    });
    await screens.open({ webgl: 'off' });
    await page().waitForTimeout(3000);
    expect(await page().locator('.live-face[data-drawn="true"]').count()).toBe(0);
    expect(await page().getByRole('img', { name: 'Picture of Nova' }).isVisible()).toBe(true);
    expect(await page().getByRole('alert').count()).toBe(0);
    // three.js tells the console that there is no WebGL; that is what this test has taken away.
    screens.takeFaults();
  });

  it('goes to its small window, which is told who to draw and how they move, and comes back', async () => {
    await screens.open({});
    await page().locator('.live-face[data-drawn="true"]').waitFor();
    await page().evaluate(() => {
      const heard: { type: string; scene?: FaceWindowScene }[] = [];
      const channel = new BroadcastChannel('openclaw.face-window');
      channel.addEventListener('message', ({ data }) => heard.push(data));
      Object.assign(window, { heard, channel });
    });
    const heard = (): Promise<{ type: string; scene?: FaceWindowScene }[]> =>
      page().evaluate(() => (window as unknown as { heard: { type: string; scene?: FaceWindowScene }[] }).heard);
    await button('Small window with the face').click();
    await page().getByText('Nova is in a window of their own.').waitFor();
    expect(await page().locator('.live-face').count()).toBe(0);
    await eventually(async () => (await heard()).filter(({ type }) => type === 'frame').length).toBeGreaterThan(10);
    expect((await heard())[0]).toMatchObject({
      type: 'scene',
      scene: { character: { id: 'default' }, shape: 'portrait', words: { close: 'Close' } },
    });

    // Who is on the stage changes in the small window, too; its close button reaches this page.
    await page().evaluate(() => window.fakeCore.setSession({ characterId: 'cyberpunk-host' }));
    await eventually(async () => (await heard()).findLast(({ scene }) => scene)?.scene?.character.id).toBe('cyberpunk-host');
    await page().evaluate(() => (window as unknown as { channel: BroadcastChannel }).channel.postMessage({ type: 'close' }));
    await eventually(() => calls('face.setWindow')).toEqual([{ open: true }, { open: false }]);
    await page().locator('.live-face').waitFor({ state: 'attached' });
  });
});
