import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MotionFrame } from '../../src-preload/contract/index.ts';
import type { PageSource, PictureFacts } from '../doubles/face-page/protocol.ts';
import { packGlb } from '../fixtures/face/glb-writer.ts';
import { makeAvatar, type AvatarKind } from '../fixtures/face/make-avatar.ts';
import { openFaceWindow, type FaceWindow } from './face-page.ts';
import { avatarIn, framesOf, novaIn, type PartialFrame } from './face-people.ts';

/* Every kind of body under one contract (src-renderer/face/face-body.ts), in real Electron on software WebGL and under the app's own content policy. */

const SMALL = { width: 320, height: 240, effects: false };

let faceWindow: FaceWindow;
beforeAll(async () => {
  faceWindow = await openFaceWindow();
});
afterAll(() => faceWindow.close());

const make = (source: PageSource, on: 'new' | 'same' = 'new') =>
  faceWindow.page.evaluate(([made, size, where]) => window.faces.make(made, size, where), [source, SMALL, on] as const);
const draw = (frames: MotionFrame[]): Promise<PictureFacts[]> => faceWindow.page.evaluate((drawn) => window.faces.draw(drawn), frames);

/** The pictures of frames by a new body. */
async function pictures(source: PageSource, ...frames: PartialFrame[]): Promise<PictureFacts[]> {
  expect(await make(source)).toBeUndefined();
  return draw(framesOf(...frames));
}

const LIFE: PartialFrame[] = [
  {},
  { weights: { jawOpen: 0.5 } },
  { weights: { eyeBlinkLeft: 1, eyeBlinkRight: 1 }, head: { yaw: 8 } },
  { weights: { mouthPucker: 0.8 }, gaze: { yaw: 12 }, breath: 1 },
];

describe.each<[string, (window: FaceWindow) => Promise<PageSource>]>([
  ['mesh', novaIn],
  ['liveportrait, painted by a double', async (window) => ({ ...(await novaIn(window)), kind: 'liveportrait' })],
  ['3d: GLB with ARKit shapes', (window) => avatarIn(window, 'arkit')],
  ['3d: GLB with visemes', (window) => avatarIn(window, 'oculus')],
  ['3d: VRM 1.0', (window) => avatarIn(window, 'vrm1')],
  ['3d: VRM 0.x', (window) => avatarIn(window, 'vrm0')],
])('a body (%s)', (_name, sourceIn) => {
  it('makes the same pictures of the same frames, and another of each movement', async () => {
    const source = await sourceIn(faceWindow);
    const first = await pictures(source, ...LIFE);
    const second = await pictures(source, ...LIFE);
    expect(second).toEqual(first);
    expect(new Set(first.map(({ digest }) => digest)).size).toBe(LIFE.length);
  });

  it('moves for each thing that a frame says', async () => {
    const said: PartialFrame[] = [
      { weights: { jawOpen: 0.5 } },
      { weights: { eyeBlinkLeft: 1 } },
      { weights: { eyeBlinkRight: 1 } },
      { weights: { mouthSmileLeft: 0.8, mouthSmileRight: 0.8 } },
      { weights: { mouthPucker: 0.8 } },
      { head: { yaw: 10 } },
      { head: { pitch: 8 } },
      { head: { roll: 8 } },
      { head: { x: 0.1 } },
      { head: { y: 0.1 } },
      // Shapes and angles of a gaze say the same.
      { gaze: { yaw: 15, pitch: 0 }, weights: { eyeLookOutLeft: 0.5, eyeLookInRight: 0.5 } },
      { breath: 1 },
    ];
    const source = await sourceIn(faceWindow);
    const [still, ...moved] = await pictures(source, {}, ...said);
    expect(said.filter((_, index) => moved[index]?.digest === still?.digest)).toEqual([]);
  });

  it('comes back to the picture that it began with', async () => {
    const source = await sourceIn(faceWindow);
    const drawn = await pictures(source, {}, { head: { yaw: 0 }, weights: { jawOpen: 0.6, eyeBlinkLeft: 1 } }, {});
    expect(drawn[2]?.digest).toBe(drawn[0]?.digest);
  });

  it('draws in another size from the next frame on', async () => {
    const source = await sourceIn(faceWindow);
    const [small] = await pictures(source, {});
    await faceWindow.page.evaluate(() => window.faces.setQuality({ width: 480, height: 360, effects: true }));
    const [large] = await draw(framesOf({}));
    expect([small, large].map((picture) => [picture?.width, picture?.height])).toEqual([
      [320, 240],
      [480, 360],
    ]);
    expect(Math.abs((large?.covered ?? 0) - (small?.covered ?? 0))).toBeLessThan(0.02);
  });

  it('leaves its canvas to the next body', async () => {
    const source = await sourceIn(faceWindow);
    const before = await pictures(source, ...LIFE);
    await faceWindow.page.evaluate(() => window.faces.dispose());
    expect(await make(source, 'same')).toBeUndefined();
    expect(await draw(framesOf(...LIFE))).toEqual(before);
  });

  it('breaks no rule of the page and reports no fault', () => {
    expect(faceWindow.takeFaults()).toEqual([]);
  });
});

describe('the 3d body', () => {
  it.each<AvatarKind>(['arkit', 'oculus', 'vrm1', 'vrm0'])(
    'shows head and shoulders of %s with arms down, on a transparent ground',
    async (kind) => {
      const [still] = await pictures(await avatarIn(faceWindow, kind), {});
      expect(still?.covered).toBeGreaterThan(0.15);
      expect(still?.covered).toBeLessThan(0.6);
      expect(still?.middle.x).toBeGreaterThan(0.45);
      expect(still?.middle.x).toBeLessThan(0.55);
    },
  );

  it.each<AvatarKind>(['arkit', 'oculus', 'vrm1', 'vrm0'])('opens the dark mouth of %s the wider the jaw is', async (kind) => {
    const [shut, sealed, half, wide] = await pictures(
      await avatarIn(faceWindow, kind),
      {},
      { weights: { jawOpen: 0.4, mouthClose: 0.4, mouthPressLeft: 0.5, mouthPressRight: 0.5 } },
      { weights: { jawOpen: 0.3 } },
      { weights: { jawOpen: 0.6 } },
    );
    const dark = [shut, sealed, half, wide].map((picture) => picture?.dark ?? 0);
    const [none = 0, closed = 0, middle = 0, open = 0] = dark;
    expect(middle - none).toBeGreaterThan(0.001);
    expect(open - middle).toBeGreaterThan(0.0005);
    expect(Math.abs(closed - none)).toBeLessThan((middle - none) / 3);
  });

  it('shifts the head to the right of the picture for an x above 0', async () => {
    const source = await avatarIn(faceWindow, 'vrm0');
    const [still, right, left] = await pictures(source, {}, { head: { x: 0.4 } }, { head: { x: -0.4 } });
    expect(right?.middle.x).toBeGreaterThan(still?.middle.x ?? 1);
    expect(left?.middle.x).toBeLessThan(still?.middle.x ?? 0);
  });

  it('lets hair swing on after the head has stopped', async () => {
    const turned = Array.from({ length: 6 }, (): PartialFrame => ({ head: { roll: 20 } }));
    const drawn = await pictures(await avatarIn(faceWindow, 'vrm1'), {}, ...turned);
    // The same pose each time: only what swings can differ.
    expect(new Set(drawn.slice(1).map(({ digest }) => digest)).size).toBeGreaterThan(3);
  });

  it('says that the context is lost, once', async () => {
    await pictures(await avatarIn(faceWindow, 'vrm1'), {});
    const failures = await faceWindow.page.evaluate(() => window.faces.loseContext());
    expect(failures.map(({ code }) => code)).toEqual(['face.context-lost']);
    faceWindow.takeFaults();
  });

  it.each<[string, string, () => Uint8Array]>([
    ['a figure without a mouth', 'no shapes for the mouth', () => makeAvatar('mute')],
    ['half a file', 'cut off', () => makeAvatar('vrm1').slice(0, 90_000)],
    ['a picture in another place', 'one file with everything inside', () => packGlb({ images: [{ uri: 'https://example.org/skin.png' }] })],
    ['a damaged picture', 'picture of the model is damaged', () => withDamagedPicture()],
    [
      'a description without sense',
      'damaged or of a kind',
      () => packGlb({ asset: { version: '2.0' }, scene: 0, scenes: [{ nodes: [7] }] }),
    ],
  ])('refuses %s with a sentence', async (_what, sentence, file) => {
    const failure = await make(await avatarIn(faceWindow, 'vrm1', file()));
    expect(failure).toEqual({ code: 'face.model-unreadable', message: expect.stringContaining(sentence) as string });
    expect(faceWindow.takeFaults()).toEqual([]);
  });

  it('says that the file is not there', async () => {
    const source = await avatarIn(faceWindow, 'vrm1');
    faceWindow.files.delete('vrm1');
    expect(await make(source)).toMatchObject({ code: 'face.model-unreadable' });
    faceWindow.takeFaults();
  });
});

/** A real avatar whose picture begins as PNG and then breaks. */
function withDamagedPicture(): Uint8Array {
  const file = makeAvatar('vrm1');
  const at = Buffer.from(file.buffer).indexOf('IHDR');
  return file.fill(255, at + 13, at + 60);
}
