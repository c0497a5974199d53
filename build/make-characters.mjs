// @ts-check
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { createFaceFinder } from '../src-main/inference/face/face-landmarks.ts';
import { MESH_POINTS } from '../src-main/inference/face/mesh-points.ts';
import { portraitFace } from '../src-main/inference/face/portrait-face.ts';

/*
 * Makes the pictures of the shipped characters from the artist's folder: `node build/make-characters.mjs ART_FOLDER`. For each character the folder holds
 * `<id>.png` (the portrait) and `<id>/set.json` with `<id>/<state>.webp` (the face in known states, and a few exact points of each). Written to
 * `resources/characters/<id>`: portrait.webp, face.json, set.json with all points of the mesh in every state, and the states' pictures.
 */

const CHARACTERS = ['default', 'cyberpunk-host', 'retro-assistant'];
const PORTRAIT_QUALITY = 90;
/** The patches are lossy already; above this they would only grow. */
const PATCH_QUALITY = 90;
const EXPRESSION_ROUNDING = 10;

/**
 * Rings of the mesh, each from its first named point on, with the artist's points that are exact where the finder is loose: on lids and lips.
 * @type {readonly { points: readonly number[], named: Readonly<Record<number, string>> }[]}
 */
const RINGS = [
  {
    points: [263, 466, 388, 387, 386, 385, 384, 398, 362, 382, 381, 380, 374, 373, 390, 249],
    named: {
      263: 'eye_left_outer',
      388: 'eye_left_upper_outer',
      386: 'eye_left_upper_mid',
      384: 'eye_left_upper_inner',
      362: 'eye_left_inner',
      381: 'eye_left_lower_inner',
      374: 'eye_left_lower_mid',
      390: 'eye_left_lower_outer',
    },
  },
  {
    points: [33, 246, 161, 160, 159, 158, 157, 173, 133, 155, 154, 153, 145, 144, 163, 7],
    named: {
      33: 'eye_right_outer',
      161: 'eye_right_upper_outer',
      159: 'eye_right_upper_mid',
      157: 'eye_right_upper_inner',
      133: 'eye_right_inner',
      154: 'eye_right_lower_inner',
      145: 'eye_right_lower_mid',
      163: 'eye_right_lower_outer',
    },
  },
  {
    points: [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146],
    named: {
      61: 'mouth_right_corner',
      39: 'lip_upper_outer_right',
      0: 'lip_upper_outer_mid',
      269: 'lip_upper_outer_left',
      291: 'mouth_left_corner',
      405: 'lip_lower_outer_left',
      17: 'lip_lower_outer_mid',
      181: 'lip_lower_outer_right',
    },
  },
  {
    points: [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95],
    named: {
      78: 'mouth_right_corner',
      81: 'lip_upper_inner_right',
      13: 'lip_upper_inner_mid',
      311: 'lip_upper_inner_left',
      308: 'mouth_left_corner',
      402: 'lip_lower_inner_left',
      14: 'lip_lower_inner_mid',
      178: 'lip_lower_inner_right',
    },
  },
];

/** Irises: the centre is exact, the four points around it move along. */
const IRISES = [
  { centre: 473, points: [473, 474, 475, 476, 477], name: 'iris_left' },
  { centre: 468, points: [468, 469, 470, 471, 472], name: 'iris_right' },
];

/** Inner points of the upper lip with those of the lower lip that they touch in a closed mouth. */
const INNER_LIPS = [
  [191, 95],
  [80, 88],
  [81, 178],
  [82, 87],
  [13, 14],
  [312, 317],
  [311, 402],
  [310, 318],
  [415, 324],
];

/** @typedef {[number, number]} Point */
/** @typedef {{ size: [number, number], box: [number, number, number, number], states: Record<string, Record<string, Point>> }} ArtSet */

const [artFolder] = process.argv.slice(2);
if (artFolder === undefined) throw new Error('Say where the portraits are: node build/make-characters.mjs ART_FOLDER');
const root = resolve(import.meta.dirname, '..');
const finder = await createFaceFinder({ modelsDirectory: join(root, 'models') });
for (const id of CHARACTERS) await makeCharacter(id, artFolder);
await finder.dispose();

/**
 * @param {string} id
 * @param {string} art
 */
async function makeCharacter(id, art) {
  const folder = join(root, 'resources', 'characters', id);
  mkdirSync(folder, { recursive: true });
  /** @type {ArtSet} */
  const set = JSON.parse(readFileSync(join(art, id, 'set.json'), 'utf8'));
  const picture = await loadImage(readFileSync(join(art, `${id}.png`)));
  const portrait = canvasOf(picture);
  const portraitFile = join(folder, 'portrait.webp');
  if (!existsSync(portraitFile)) writeFileSync(portraitFile, await portrait.encode('webp', PORTRAIT_QUALITY));

  const neutral = await landmarksOf(portrait);
  const corrected = correct(neutral, neutral, set, 'neutral');
  /** @type {Record<string, { file: string, landmarks: number[] }>} */
  const states = {};
  for (const state of Object.keys(set.states)) {
    const patch = await loadImage(readFileSync(join(art, id, `${state}.webp`)));
    const canvas = canvasOf(picture);
    canvas.getContext('2d').drawImage(patch, set.box[0], set.box[1]);
    const points = state === 'neutral' ? corrected : correct(await landmarksOf(canvas), neutral, set, state);
    states[state] = { file: `${state}.webp`, landmarks: flatten(points) };
    writeFileSync(join(folder, `${state}.webp`), await canvasOf(patch).encode('webp', PATCH_QUALITY));
  }
  writeFileSync(join(folder, 'set.json'), `${JSON.stringify({ size: set.size, box: set.box, states })}\n`);
  const portraitHash = createHash('sha256').update(readFileSync(portraitFile)).digest('hex');
  const face = portraitFace(rasterOf(portrait), { landmarks: corrected, source: 'detected', portraitHash });
  writeFileSync(join(folder, 'face.json'), `${JSON.stringify(face)}\n`);
  console.log(`${id}: ${Object.keys(states).length} states`);
}

/** @param {import('@napi-rs/canvas').Image} picture */
function canvasOf(picture) {
  const canvas = createCanvas(picture.width, picture.height);
  canvas.getContext('2d').drawImage(picture, 0, 0);
  return canvas;
}

/** @param {import('@napi-rs/canvas').Canvas} canvas */
function rasterOf(canvas) {
  const { width, height, data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return { width, height, data };
}

/** @param {import('@napi-rs/canvas').Canvas} canvas */
async function landmarksOf(canvas) {
  const { faces } = await finder.find(rasterOf(canvas), { turns: [0] });
  if (faces[0] === undefined) throw new Error('No face was found in one of the pictures.');
  return faces[0].landmarks;
}

/**
 * Moves the finder's points of lids, lips and irises so that each named one has moved from neutral exactly as the artist's has; what lies between on the same
 * ring is shifted in proportion, what lies close by follows a little.
 * @param {Float32Array} found
 * @param {Float32Array} neutral What the finder saw in the neutral portrait.
 * @param {ArtSet} set
 * @param {string} state
 */
function correct(found, neutral, set, state) {
  /** @type {Map<number, Point>} */
  const shifts = new Map();
  for (const ring of RINGS) for (const [index, shift] of ringShifts(ring, found, neutral, set, state)) shifts.set(index, shift);
  for (const { centre, points, name } of IRISES) {
    const shift = shiftOf(centre, name, found, neutral, set, state);
    for (const index of points) shifts.set(index, shift);
  }
  const reach = 0.06 * Math.hypot(xOf(found, 263) - xOf(found, 33), yOf(found, 263) - yOf(found, 33));
  const moved = Float32Array.from(found);
  for (let index = 0; index < MESH_POINTS; index += 1) {
    const [x, y] = shifts.get(index) ?? nearbyShift(index, found, shifts, reach);
    moved[index * 3] = xOf(found, index) + x;
    moved[index * 3 + 1] = yOf(found, index) + y;
  }
  const lips = set.states[state];
  if ((lips?.['lip_lower_inner_mid']?.[1] ?? 0) <= (lips?.['lip_upper_inner_mid']?.[1] ?? 0)) closeLips(moved);
  return moved;
}

/**
 * Closed lips of the artist's model lie a little in each other; in the picture they meet on one line.
 * @param {Float32Array} points
 */
function closeLips(points) {
  for (const [upper = 0, lower = 0] of INNER_LIPS) {
    for (const axis of [0, 1]) {
      const met = ((points[upper * 3 + axis] ?? 0) + (points[lower * 3 + axis] ?? 0)) / 2;
      points[upper * 3 + axis] = met;
      points[lower * 3 + axis] = met;
    }
  }
}

/**
 * @param {(typeof RINGS)[number]} ring
 * @param {Float32Array} found
 * @param {Float32Array} neutral
 * @param {ArtSet} set
 * @param {string} state
 * @returns {[number, Point][]}
 */
function ringShifts({ points, named }, found, neutral, set, state) {
  const known = points.flatMap((index, place) => {
    const name = named[index];
    return name === undefined ? [] : [{ place, shift: shiftOf(index, name, found, neutral, set, state) }];
  });
  return points.map((index, place) => {
    const before = known.findLast((one) => one.place <= place) ?? known[known.length - 1];
    const after = known.find((one) => one.place > place) ?? known[0];
    if (before === undefined || after === undefined) return [index, [0, 0]];
    const length = (after.place - before.place + points.length) % points.length;
    const part = ((place - before.place + points.length) % points.length) / length;
    return [index, [mix(before.shift[0], after.shift[0], part), mix(before.shift[1], after.shift[1], part)]];
  });
}

/**
 * @param {number} index
 * @param {string} name
 * @param {Float32Array} found
 * @param {Float32Array} neutral
 * @param {ArtSet} set
 * @param {string} state
 * @returns {Point}
 */
function shiftOf(index, name, found, neutral, set, state) {
  const calm = set.states['neutral']?.[name];
  const now = set.states[state]?.[name];
  if (calm === undefined || now === undefined) return [0, 0];
  return [xOf(neutral, index) + now[0] - calm[0] - xOf(found, index), yOf(neutral, index) + now[1] - calm[1] - yOf(found, index)];
}

/**
 * @param {number} index
 * @param {Float32Array} found
 * @param {Map<number, Point>} shifts
 * @param {number} reach Pixels.
 * @returns {Point}
 */
function nearbyShift(index, found, shifts, reach) {
  let [x, y, total] = [0, 0, 1];
  for (const [other, shift] of shifts) {
    const away = Math.hypot(xOf(found, index) - xOf(found, other), yOf(found, index) - yOf(found, other)) / reach;
    const weight = Math.exp(-away * away);
    x += weight * shift[0];
    y += weight * shift[1];
    total += weight;
  }
  return [x / total, y / total];
}

/** @param {Float32Array} points */
function flatten(points) {
  return Array.from({ length: MESH_POINTS }, (_, index) => [xOf(points, index), yOf(points, index)])
    .flat()
    .map((value) => Math.round(value * EXPRESSION_ROUNDING) / EXPRESSION_ROUNDING);
}

/**
 * @param {number} from
 * @param {number} to
 * @param {number} part
 */
function mix(from, to, part) {
  return from + (to - from) * part;
}

/**
 * @param {Float32Array} points
 * @param {number} index
 */
function xOf(points, index) {
  return points[index * 3] ?? 0;
}

/**
 * @param {Float32Array} points
 * @param {number} index
 */
function yOf(points, index) {
  return points[index * 3 + 1] ?? 0;
}
