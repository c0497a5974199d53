import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMotion } from '../../src-renderer/face/motion/motion.ts';
import { openFaceFinder, type FaceFinder } from '../face-lab/face-finder.ts';
import { openFaceLab, type FaceLab, type LabOptions, type PartialFrame } from '../face-lab/face-lab.ts';
import { shippedPerson } from '../face-lab/people.ts';
import { encodePicture, readPicture, resized, type Picture } from '../face-lab/picture.ts';
import { isSameSize, writeReviewerPage, type Review } from '../face-lab/reviewer-page.ts';
import { ssim, worstDifference } from '../face-lab/ssim.ts';
import { STATE_FRAMES } from '../face-lab/states.ts';

/*
 * The mesh body on software WebGL against golden pictures: fixed frames, and frames of the motion pipeline by seed and clock. When a change of the
 * pictures is wanted, look at the reviewer page that a failure names, then make them anew and look at them once more:
 *   UPDATE_GOLDEN=1 npx vitest run --project e2e test/e2e/face-golden.test.ts
 */

const GOLDEN = resolve(import.meta.dirname, '../fixtures/face/golden');
const REVIEW = resolve(import.meta.dirname, '../../test-results/face-golden');
const SIZE = { width: 320, height: 400 };
const WEBP_QUALITY = 85;
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

/** Another version of the software renderer draws edges a little differently. */
const LEAST_SSIM = 0.985;
/** Mean difference in the block of 40 × 40 that differs most, of 255. A jawOpen that is wrong by 0.06 makes 4.9, a head turned by 1° more 6.6. */
const MOST_DIFFERENCE = 3;
const BLOCK_SIZE = 40;

interface Golden {
  person: string;
  options: LabOptions;
  frames: Readonly<Record<string, PartialFrame>>;
}

const states = (...names: string[]): Record<string, PartialFrame> =>
  Object.fromEntries(names.map((name) => [name, STATE_FRAMES[name] ?? {}]));

/** What the pipeline shows at the given times of its own clock, drawn from 25 frames a second, as the stage asks for them. */
function inMotion(seed: number, state: 'listening' | 'ready', timesMs: readonly number[]): Record<string, PartialFrame> {
  const motion = createMotion({ seed, expressiveness: 0.8, emotion: 'neutral' });
  const shown: Record<string, PartialFrame> = {};
  for (let atMs = 0; atMs <= Math.max(...timesMs); atMs += 40) {
    const frame = motion.frameAt(atMs, { talk: { state }, speech: undefined, microphoneLevel: 0.2 });
    if (timesMs.includes(atMs)) shown[`${state}-seed${seed}-${atMs}ms`] = frame;
  }
  return shown;
}

const GOLDENS: readonly Golden[] = [
  { person: 'default', options: SIZE, frames: { ...states('neutral', 'oh', 'smile', 'talking'), ...inMotion(7, 'listening', [2400]) } },
  { person: 'default', options: { ...SIZE, withoutSet: true }, frames: states('aa_small', 'blink', 'gaze_left', 'yaw_p12') },
  {
    person: 'cyberpunk-host',
    options: { ...SIZE, effects: true },
    frames: { 'talking-effects': { ...STATE_FRAMES['talking'], atMs: 1000 }, ...inMotion(3, 'ready', [4000]) },
  },
  { person: 'retro-assistant', options: { ...SIZE, effects: true }, frames: { 'ee-effects': { ...STATE_FRAMES['ee'], atMs: 1000 } } },
];

let lab: FaceLab;
let finder: FaceFinder;
beforeAll(async () => {
  finder = await openFaceFinder();
  lab = await openFaceLab();
  if (isUpdate) await updateGoldens();
});
afterAll(async () => {
  await lab.close();
  await finder.close();
});

const nameOf = ({ person, options }: Golden, frame: string): string => `${person}-${frame}${options.withoutSet ? '-without-set' : ''}`;

/** Undefined = near enough. */
function verdict(expected: Picture, got: Picture): string | undefined {
  if (!isSameSize(expected, got)) return `It is ${got.width} × ${got.height}.`;
  const [similarity, apart] = [ssim(expected, got), worstDifference(expected, got, BLOCK_SIZE)];
  return similarity >= LEAST_SSIM && apart <= MOST_DIFFERENCE
    ? undefined
    : `SSIM ${similarity.toFixed(4)} (at least ${LEAST_SSIM}), worst difference ${apart.toFixed(2)} (at most ${MOST_DIFFERENCE}).`;
}

/** Draws all golden pictures anew. */
async function updateGoldens(): Promise<void> {
  await mkdir(GOLDEN, { recursive: true });
  for (const golden of GOLDENS) {
    await lab.load(await shippedPerson(golden.person, finder), golden.options);
    const pictures = await lab.draw(Object.values(golden.frames));
    for (const [index, name] of Object.keys(golden.frames).entries()) {
      const picture = pictures[index];
      if (picture) await writeFile(join(GOLDEN, `${nameOf(golden, name)}.webp`), await encodePicture(picture, WEBP_QUALITY));
    }
  }
}

describe('mesh body', () => {
  it('draws what the golden pictures show', async () => {
    const failed: Review[] = [];
    for (const golden of GOLDENS) {
      await lab.load(await shippedPerson(golden.person, finder), golden.options);
      const pictures = await lab.draw(Object.values(golden.frames));
      for (const [index, frame] of Object.keys(golden.frames).entries()) {
        const drawn = pictures[index];
        if (drawn === undefined) throw new Error(`Nothing was drawn for ${frame}.`);
        // Packed like the golden picture, so that what packing loses is lost on both sides.
        const got = await readPicture(await encodePicture(drawn, WEBP_QUALITY));
        const name = nameOf(golden, frame);
        const expected = await readPicture(join(GOLDEN, `${name}.webp`));
        const why = verdict(expected, got);
        if (why !== undefined) failed.push({ name, expected, got, verdict: why });
      }
    }
    const page = failed.length === 0 ? '' : await writeReviewerPage(REVIEW, failed);
    expect(
      failed.map(({ name, verdict: why }) => `${name}: ${why}`),
      `Look at ${page}`,
    ).toEqual([]);
    expect(lab.takeFaults()).toEqual([]);
  });

  it('draws the same pixels again for the same frames, in a new body too', async () => {
    const nova = await shippedPerson('default', finder);
    const frames = Object.values({ ...states('talking', 'half_blink'), ...inMotion(7, 'listening', [400, 800]) });
    await lab.load(nova, SIZE);
    const first = await lab.draw(frames);
    await lab.load(nova, SIZE);
    const second = await lab.draw(frames);
    expect(second.map(({ data }) => Buffer.from(data).toString('base64'))).toEqual(
      first.map(({ data }) => Buffer.from(data).toString('base64')),
    );
  });

  it('leaves out effects and detail at once, and takes them up again', async () => {
    const rex = await shippedPerson('cyberpunk-host', finder);
    const frame = { ...STATE_FRAMES['talking'], atMs: 1000 };
    const half = { width: SIZE.width / 2, height: SIZE.height / 2, effects: false };
    const drawnAt = async (quality: typeof half): Promise<Picture | undefined> => {
      await lab.setQuality(quality);
      return (await lab.draw([frame]))[0];
    };
    await lab.load(rex, { ...SIZE, effects: true });
    const [whole] = await lab.draw([frame]);
    const changed = { plain: await drawnAt({ ...SIZE, effects: false }), half: await drawnAt(half) };
    const again = await drawnAt({ ...SIZE, effects: true });
    await lab.load(rex, { ...SIZE, effects: false });
    const [plain] = await lab.draw([frame]);
    if (!whole || !plain || !again || !changed.plain || !changed.half) throw new Error('Nothing was drawn.');
    expect(verdict(whole, again)).toBeUndefined();
    expect(verdict(plain, changed.plain)).toBeUndefined();
    expect(verdict(plain, whole)).toContain('SSIM');
    // Edges of lips and lids are drawn anew, everything else is made smaller.
    expect(ssim(resized(plain, half.width, half.height), changed.half)).toBeGreaterThan(0.97);
    expect(lab.takeFaults()).toEqual([]);
  });

  it('leaves the untouched portrait when nothing moves', async () => {
    const nova = await shippedPerson('default', finder);
    await lab.load(nova, { body: 'still' });
    const [portrait] = await lab.draw([{}]);
    await lab.load(nova);
    const [drawn] = await lab.draw([{}]);
    if (portrait === undefined || drawn === undefined) throw new Error('Nothing was drawn.');
    expect(ssim(portrait, drawn)).toBeGreaterThanOrEqual(0.99);
  });
});
