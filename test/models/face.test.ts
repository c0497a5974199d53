import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createCanvas, type Canvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expressionSetSchema, portraitAnalysisSchema, portraitFaceSchema, type FoundFace } from '../../src-preload/contract/index.ts';
import { createFaceFinder, type FaceFinder } from '../../src-main/inference/face/face-landmarks.ts';
import { anchorsOf, eyeDistance, eyeOpenness, LEFT_EYE, mouthOpenness, pointOf } from '../../src-main/inference/face/mesh-points.ts';
import { analysePicture } from '../../src-main/inference/face/portrait-analysis.ts';
import { createPortraitService, type PortraitService } from '../../src-main/inference/face/portrait-service.ts';
import { loadPicture, novaFile, paint, photoFile, projectFile, rasterOf } from '../doubles/make-picture.ts';
import { temporaryFolder } from '../doubles/temporary-folder.ts';

const modelsDirectory = resolve(import.meta.dirname, '../../models');
let finder: FaceFinder;
let service: PortraitService;

beforeAll(async () => {
  finder = await createFaceFinder({ modelsDirectory });
  service = createPortraitService();
  await service.load({ modelsDirectory });
});
afterAll(async () => {
  await finder.dispose();
  await service.dispose();
});

/** The shipped portrait drawn in another way. */
async function nova(
  width: number,
  height: number,
  draw: (context: ReturnType<Canvas['getContext']>, picture: Parameters<ReturnType<Canvas['getContext']>['drawImage']>[0]) => void,
): Promise<Canvas> {
  const picture = await loadPicture(novaFile);
  return paint(width, height, (context) => draw(context, picture));
}

function shifted(x: number): Promise<Canvas> {
  return nova(640, 800, (context, picture) => context.drawImage(picture, x, 0, 640, 800));
}

function filtered(filter: string): Promise<Canvas> {
  return nova(512, 640, (context, picture) => {
    context.filter = filter;
    context.drawImage(picture, 0, 0, 512, 640);
  });
}

async function fileOf(bytes: Uint8Array): Promise<string> {
  const path = join(await temporaryFolder(), 'picture');
  await writeFile(path, bytes);
  return path;
}

async function facesOf(canvas: Canvas): Promise<{ quarterTurns: number; faces: FoundFace[] }> {
  return (await analysePicture(finder, rasterOf(canvas), 'hash')).analysis;
}

async function doubtsOf(canvas: Canvas): Promise<FoundFace['doubts'] | undefined> {
  return (await facesOf(canvas)).faces[0]?.doubts;
}

describe('createFaceFinder', () => {
  it('finds the face of the shipped portrait where its artist put it', async () => {
    const { faces, quarterTurns } = await facesOf(await nova(1024, 1280, (context, picture) => context.drawImage(picture, 0, 0)));
    expect([faces.length, quarterTurns, faces[0]?.doubts]).toEqual([1, 0, []]);
    const landmarks = faces[0]?.landmarks ?? [];
    // Exact points of the rendered head, pixels (named as in the artist's list).
    const exact: [number, [number, number]][] = [
      [33, [389.9, 518.9]],
      [263, [634.3, 521.5]],
      [468, [429.6, 518.4]],
      [473, [594.6, 518.4]],
      [61, [436.3, 693.8]],
      [291, [587.8, 698.6]],
      [0, [512.1, 685.8]],
      [17, [511.8, 741.8]],
      [152, [512, 827.4]],
    ];
    const misses = exact.map(([index, [x, y]]) => Math.hypot(pointOf(landmarks, index)[0] - x, pointOf(landmarks, index)[1] - y));
    expect(Math.max(...misses) / eyeDistance(landmarks)).toBeLessThan(0.04);
    expect(Math.abs(faces[0]?.pose.yaw ?? 90)).toBeLessThan(3);
  });

  it('finds the face of a photograph, and sees the open smile', async () => {
    const photo = await loadPicture(photoFile);
    const { faces } = await facesOf(paint(512, 512, (context) => context.drawImage(photo, 0, 0)));
    expect(faces.length).toBe(1);
    const { rightEye, leftEye } = anchorsOf(faces[0]?.landmarks ?? []);
    expect([Math.hypot(rightEye[0] - 204, rightEye[1] - 102) < 4, Math.hypot(leftEye[0] - 246, leftEye[1] - 105) < 4]).toEqual([
      true,
      true,
    ]);
    expect(faces[0]?.doubts).toEqual(['mouth-open']);
  });

  it.each([1, 2, 3])('turns a picture upright that was turned by %i quarters', async (turns) => {
    const [width, height] = turns === 2 ? [512, 640] : [640, 512];
    const turned = await nova(width, height, (context, picture) => {
      context.translate(width / 2, height / 2);
      context.rotate((turns * Math.PI) / 2);
      context.drawImage(picture, -256, -320, 512, 640);
    });
    const { quarterTurns, faces } = await facesOf(turned);
    const upright = await facesOf(await nova(512, 640, (context, picture) => context.drawImage(picture, 0, 0, 512, 640)));
    expect([quarterTurns, faces.length]).toEqual([4 - turns, 1]);
    const [one, other] = [faces[0]?.landmarks ?? [], upright.faces[0]?.landmarks ?? []];
    const farthest = Math.max(...one.map((value, index) => (index % 3 === 2 ? 0 : Math.abs(value - (other[index] ?? 0)))));
    expect(farthest / eyeDistance(other)).toBeLessThan(0.06);
  });

  it('follows a head that is tilted by 30 degrees', async () => {
    const tilted = await nova(800, 900, (context, picture) => {
      context.translate(400, 450);
      context.rotate(-Math.PI / 6);
      context.drawImage(picture, -300, -375, 600, 750);
    });
    const [face] = (await facesOf(tilted)).faces;
    expect(Math.abs((face?.pose.roll ?? 0) - 30)).toBeLessThan(3);
  });

  it('finds a small face in a large picture', async () => {
    const wide = await nova(2048, 1400, (context, picture) => {
      context.fillStyle = '#7a8272';
      context.fillRect(0, 0, 2048, 1400);
      context.drawImage(picture, 1500, 900, 160, 200);
    });
    const { faces } = await facesOf(wide);
    expect(faces.map(({ anchors: { leftEye } }) => Math.hypot(leftEye[0] - 1593, leftEye[1] - 981) < 4)).toEqual([true]);
    expect(faces[0]?.doubts).toContain('small');
    expect((await finder.find(rasterOf(wide), { turns: [0] })).faces.length).toBe(1);
  });

  it('puts the larger of two faces first', async () => {
    const two = await nova(1536, 1280, (context, picture) => {
      context.drawImage(picture, 0, 300, 512, 640);
      context.drawImage(picture, 512, 0, 1024, 1280);
    });
    expect((await facesOf(two)).faces.map(({ box }) => box[0] > 512)).toEqual([true, false]);
  });

  it('works on black and white', async () => {
    const grey = await nova(512, 640, (context, picture) => {
      context.filter = 'grayscale(1)';
      context.drawImage(picture, 0, 0, 512, 640);
    });
    expect((await facesOf(grey)).faces[0]?.doubts).toEqual([]);
  });

  it.each([
    ['nothing', () => undefined],
    [
      'stripes and circles',
      (context: ReturnType<Canvas['getContext']>) => {
        for (let step = 0; step < 60; step += 1) {
          context.fillStyle = `hsl(${step * 47}, 60%, ${30 + (step % 5) * 10}%)`;
          context.beginPath();
          context.arc((step * 131) % 600, (step * 79) % 500, 10 + ((step * 17) % 60), 0, 7);
          context.fill();
        }
      },
    ],
  ])('finds no face in %s', async (_, draw) => {
    expect(await facesOf(paint(600, 500, draw))).toMatchObject({ quarterTurns: 0, faces: [] });
  });

  it('follows a face from one picture to the next, and says when it is gone', async () => {
    const [first] = (await facesOf(await shifted(0))).faces;
    const second = await finder.follow(rasterOf(await shifted(12)), first?.landmarks ?? []);
    expect(Math.abs((second?.[4 * 3] ?? 0) - (first?.landmarks[4 * 3] ?? 0) - 12)).toBeLessThan(0.02 * eyeDistance(first?.landmarks ?? []));
    expect(await finder.follow(rasterOf(createCanvas(640, 800)), first?.landmarks ?? [])).toBe(undefined);
  });
});

describe('doubts', () => {
  it('sees that a picture is blurred or dark', async () => {
    expect(await doubtsOf(await filtered('blur(6px)'))).toEqual(['blurred']);
    expect(await doubtsOf(await filtered('brightness(0.2)'))).toEqual(['dark']);
  });

  it.each([
    ['a mask', '#7fb4d8', 660, 170],
    ['sunglasses', '#101010', 490, 70],
  ])('sees that the face is covered by %s', async (_, colour, top, height) => {
    const covered = await nova(1024, 1280, (context, picture) => {
      context.drawImage(picture, 0, 0);
      context.fillStyle = colour;
      context.fillRect(300, top, 430, height);
    });
    expect(await doubtsOf(covered)).toContain('covered');
  });

  it('takes flat colours for a drawing', async () => {
    const canvas = await filtered('blur(1px)');
    const context = canvas.getContext('2d');
    const image = context.getImageData(0, 0, 512, 640);
    image.data.forEach((value, index) => {
      if (index % 4 !== 3) image.data[index] = Math.round((value / 255) * 4) * 63;
    });
    context.putImageData(image, 0, 0);
    expect(await doubtsOf(canvas)).toContain('drawn');
  });

  it.each([
    ['blink', 'eyes-closed'],
    ['aa_small', 'mouth-open'],
    ['smile', undefined],
  ])('sees in the shipped state %s: %s', async (state, doubt) => {
    const patch = await loadPicture(`resources/characters/default/${state}.webp`);
    const set = expressionSetSchema.parse(JSON.parse(Buffer.from(projectFile('resources/characters/default/set.json')).toString()));
    const canvas = await nova(1024, 1280, (context, picture) => {
      context.drawImage(picture, 0, 0);
      context.drawImage(patch, set.box[0], set.box[1]);
    });
    expect(await doubtsOf(canvas)).toEqual(doubt === undefined ? [] : [doubt]);
  });
});

describe('createPortraitService', () => {
  it('makes a portrait of a photograph: the picture as it is stored, with a face that fits it', async () => {
    const path = await fileOf(projectFile(photoFile));
    const { analysis, preview } = await service.analyse({ path, known: null });
    expect(portraitAnalysisSchema.parse(analysis)).toEqual(analysis);
    expect(Buffer.from(preview).toString('latin1', 0, 3)).toBe('\xff\xd8\xff');
    const prepared = await service.prepare({ path, known: analysis, face: 0, anchors: null });
    const portraitHash = createHash('sha256').update(prepared.picture).digest('hex');
    expect(portraitFaceSchema.parse(prepared.face)).toEqual(prepared.face);
    expect(prepared).toMatchObject({ width: 512, height: 512, face: { portraitHash, source: 'detected', width: 512, height: 512 } });
    const { head, shouldersY } = prepared.face;
    expect([head[0] < 179, head[1] < 69, head[2] > 272, head[3] > 170, shouldersY > head[3] - 10]).toEqual([true, true, true, true, true]);
  });

  it('makes one of a picture without a face by the marks of a hand', async () => {
    const path = await fileOf(paint(400, 500, (context) => context.fillRect(50, 50, 300, 400)).toBuffer('image/png'));
    const { analysis } = await service.analyse({ path, known: null });
    expect(analysis.faces).toEqual([]);
    await expect(service.prepare({ path, known: analysis, face: 0, anchors: null })).rejects.toMatchObject({ code: 'face.none' });
    const anchors = {
      leftEye: [240, 200],
      rightEye: [160, 200],
      mouthLeft: [225, 290],
      mouthRight: [175, 290],
      lipTop: [200, 280],
      lipBottom: [200, 305],
      chin: [200, 350],
    } satisfies FoundFace['anchors'];
    const landmarks = await service.fitAnchors({ path, known: analysis, anchors });
    const prepared = await service.prepare({ path, known: analysis, face: 0, anchors });
    expect(prepared.face).toMatchObject({ source: 'anchors', width: 400, height: 500 });
    expect(prepared.face.landmarks.slice(0, 2)).toEqual(landmarks.slice(0, 2).map((value) => Math.round(value * 10) / 10));
  });

  it('uses what is known of the same file, and looks anew when it is another one', async () => {
    const path = await fileOf(projectFile(photoFile));
    const { analysis } = await service.analyse({ path, known: null });
    const other = await fileOf(paint(300, 200, (context) => context.fillRect(0, 0, 9, 9)).toBuffer('image/png'));
    expect((await service.analyse({ path: other, known: analysis })).analysis).toMatchObject({ width: 300, height: 200, faces: [] });
    const marked = { ...analysis, faces: analysis.faces.map((face) => ({ ...face, score: 0.123 })) };
    expect((await service.analyse({ path, known: marked })).analysis.faces[0]?.score).toBe(0.123);
  });

  it('says before it is loaded that it is not', async () => {
    const path = await fileOf(projectFile(photoFile));
    await expect(createPortraitService().analyse({ path, known: null })).rejects.toMatchObject({ code: 'face.not-loaded' });
  });
});

describe('the shipped expression sets', () => {
  it.each(['default', 'cyberpunk-host', 'retro-assistant'])('%s: every state has its picture and points that do what it says', (id) => {
    const read = (file: string): Uint8Array => projectFile(`resources/characters/${id}/${file}`);
    const set = expressionSetSchema.parse(JSON.parse(Buffer.from(read('set.json')).toString()));
    const face = portraitFaceSchema.parse(JSON.parse(Buffer.from(read('face.json')).toString()));
    const portraitHash = createHash('sha256').update(read('portrait.webp')).digest('hex');
    expect(face).toMatchObject({ portraitHash, width: set.size[0], height: set.size[1] });
    for (const { file } of Object.values(set.states)) expect(read(file).length).toBeGreaterThan(1000);
    const points = (state: string): number[] =>
      (set.states[state]?.landmarks ?? []).flatMap((value, index) => (index % 2 === 1 ? [value, 0] : [value]));
    expect(['neutral', 'pp', 'blink', 'smile'].map((state) => mouthOpenness(points(state)) < 0.02)).toEqual([true, true, true, true]);
    expect(['aa_small', 'oh', 'oo', 'ff'].map((state) => mouthOpenness(points(state)) > 0.08)).toEqual([true, true, true, true]);
    expect([eyeOpenness(points('blink'), LEFT_EYE) < 0.12, eyeOpenness(points('neutral'), LEFT_EYE) > 0.2]).toEqual([true, true]);
  });
});
