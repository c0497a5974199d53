import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './eventually.ts';
import { openScreensWindow, type ScreensWindow } from './screens-window.ts';

/* A clip of the stage, from the button to the file, as people make one. */

let screens: ScreensWindow;
beforeAll(async () => {
  screens = await openScreensWindow();
});
afterAll(() => screens.close());
afterEach(() => expect(screens.takeFaults()).toEqual([]));

const page = (): ScreensWindow['page'] => screens.page;
const button = (name: string | RegExp) => page().getByRole('button', { name });
const LENGTH_MS = 2_000;

async function openStage(size?: { width: number; height: number }, scene: Record<string, string> = {}): Promise<void> {
  await screens.open(scene, size);
  await page().locator('.live-face[data-drawn="true"]').waitFor();
}

/** The newest file, once there are more than `before`. */
async function newest(before: number): Promise<[string, Buffer]> {
  await eventually(async () => (await screens.downloads()).size).toBeGreaterThan(before);
  const last = [...(await screens.downloads())].at(-1);
  if (!last) throw new Error('Nothing was saved.');
  return last;
}

async function factsOf(file: Buffer) {
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(new Uint8Array(file)) });
  const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
  const pictures = await video?.computePacketStats();
  const first = video && (await new EncodedPacketSink(video).getFirstPacket());
  return {
    type: await input.getMimeType(),
    seconds: await input.computeDuration(),
    pictures: pictures?.packetCount ?? 0,
    firstBytes: first?.byteLength ?? 0,
    size: [video?.displayWidth, video?.displayHeight],
    sound: audio?.codec,
  };
}

/** How loud a file's sound is, root mean square. */
function loudnessOf(file: Buffer): Promise<number> {
  return page().evaluate(async (encoded) => {
    const bytes = Uint8Array.from(atob(encoded), (sign) => sign.codePointAt(0) ?? 0);
    const sound = (await new OfflineAudioContext(1, 1, 48_000).decodeAudioData(bytes.buffer)).getChannelData(0);
    return Math.sqrt(sound.reduce((sum, value) => sum + value * value, 0) / sound.length);
  }, file.toString('base64'));
}

describe('a clip of the stage', () => {
  it('has what was seen and what the assistant said, and is saved under its name', async () => {
    await openStage();
    const before = (await screens.downloads()).size;
    await button('Record a clip').click();
    await page().getByText('A clip is being recorded').waitFor();
    const canvas = await page()
      .locator('.live-face')
      .evaluate((element: HTMLCanvasElement) => [element.width, element.height]);
    await page().evaluate(() => void window.fakeCore.answer('This is heard in the clip, word by word.', { spoken: true }));
    await eventually(() => page().getByRole('timer').textContent()).toBe('0:02');
    await button('Stop and save the clip').click();
    await page().getByText('Saved as Nova.mp4.').first().waitFor();
    const [name, file] = await newest(before);
    const facts = await factsOf(file);
    expect(name).toContain('Nova.mp4');
    expect(facts.type).toMatch(/^video\/mp4; codecs="avc1\.\w+, mp4a\.40\.2"$/);
    expect(facts.sound).toBe('aac');
    expect(facts.seconds * 1000).toBeGreaterThan(LENGTH_MS - 300);
    // However few a busy machine draws: the first shows a face, which no empty picture takes so many bytes for.
    expect(facts.pictures).toBeGreaterThan(3);
    expect(facts.firstBytes).toBeGreaterThan(5_000);
    expect(facts.size).toEqual(canvas.map((pixels) => Math.floor(pixels / 2) * 2));
    expect(await loudnessOf(file)).toBeGreaterThan(0.01);
    await button('Record a clip').waitFor();
  });

  it('begins and ends by a key, and by the palette from another screen', async () => {
    await openStage();
    const before = (await screens.downloads()).size;
    await page().keyboard.press('r');
    await page().getByRole('timer').waitFor();
    await page().waitForTimeout(500);
    await page().keyboard.press('r');
    await newest(before);
    await page().keyboard.press('Alt+4');
    await page().getByRole('heading', { level: 1, name: 'Settings' }).waitFor();
    await page().keyboard.press('Control+k');
    await page().getByRole('dialog').getByRole('combobox').fill('record a clip');
    await page().keyboard.press('Enter');
    await page().getByRole('timer').waitFor();
    // Who leaves the stage keeps what was recorded until then.
    await page().waitForTimeout(500);
    await page().keyboard.press('Alt+4');
    const [, file] = await newest(before + 1);
    expect((await factsOf(file)).pictures).toBeGreaterThan(2);
  });

  it('is thrown away by its cross, also in a narrow window', async () => {
    await openStage({ width: 420, height: 800 });
    const before = (await screens.downloads()).size;
    await page().keyboard.press('r');
    await page().getByRole('timer').waitFor();
    expect(await screens.accessibilityFaults()).toEqual([]);
    await button('Throw the clip away').click();
    await page().getByRole('timer').waitFor({ state: 'detached' });
    await page().waitForTimeout(500);
    expect((await screens.downloads()).size).toBe(before);
  });

  it('is not made where no face moves', async () => {
    await openStage();
    await button('Small window with the face').click();
    await page().getByText('Nova is in a window of their own.').waitFor();
    expect(await button('Record a clip').isDisabled()).toBe(true);
    await page().keyboard.press('r');
    await page().getByText('No face moves on the stage').first().waitFor({ timeout: 10_000 });
  });

  it('says so in German where this machine has no encoder', async () => {
    await openStage(undefined, { locale: 'de' });
    await page().evaluate(() => Object.defineProperty(window, 'VideoEncoder', { value: undefined }));
    await button('Film aufnehmen').click();
    await page().getByText('Dieser Browser kann kein Video schreiben.').first().waitFor();
    await button('Film aufnehmen').waitFor();
  });
});
