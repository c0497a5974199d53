import { access, mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Box, Point } from '../../src-preload/contract/index.ts';
import { openFaceFinder, type FaceFinder, type Landmarks } from '../face-lab/face-finder.ts';
import { openFaceLab, type FaceLab, type PartialFrame } from '../face-lab/face-lab.ts';
import { CONTOURS, LEFT_IRIS, RIGHT_IRIS, SKIN_POINTS } from '../face-lab/face-points.ts';
import { personFromPicture, shippedPerson, type Person } from '../face-lab/people.ts';
import { difference, overlay, resized, sideBySide, writePicture, type Picture } from '../face-lab/picture.ts';
import { ssim } from '../face-lab/ssim.ts';
import { eyeDistance, fitFrame, KNOWN_STATES, landmarkError, type Fit } from '../face-lab/truth-fit.ts';
import { readTruth, stateOf, type TruthPerson, type TruthState } from '../face-lab/truth-set.ts';
import { distribution, type BenchResult, type Metric } from './statistics.ts';

export interface TruthOptions {
  /** Folder of rendered people in known states. Without it there is nothing to compare with. */
  truth?: string | undefined;
  /** Names of people, and of states; all when left away. */
  people?: readonly string[] | undefined;
  states?: readonly string[] | undefined;
  /** Where to put truth | ours | difference of each state. */
  pictures?: string | undefined;
}

interface Measured {
  person: string;
  state: string;
  landmarkError: number;
  exactError: number;
  ssim: number;
  /** Of the box of what moves in this state alone: the mouth, the eyes. */
  ssimNear: number;
}

/** Those of the shipped characters that have an expression set are also drawn with it, against their own pictures of the state. */
const HEROES = ['default', 'cyberpunk-host', 'retro-assistant'];
const CHARACTERS = resolve(import.meta.dirname, '../../resources/characters');
const SIZE = { width: 640, height: 800 };

/**
 * For each person and state of the truth folder: the best frame for the mesh body, drawn from the person's neutral picture alone, against the true
 * rendering. `landmark_error`: all 478 points found again in both pictures; `exact_error`: how far named points moved, against how far the rendered
 * vertices did; `ssim`: of the box of the face.
 */
export async function measureTruth(options: TruthOptions): Promise<Omit<BenchResult, 'bench'>> {
  if (options.truth === undefined)
    return { metrics: {}, targets: {}, notes: ['truth: skipped, there is no folder of true pictures (--truth DIR)'] };
  if (options.pictures !== undefined) await mkdir(options.pictures, { recursive: true });
  const finder = await openFaceFinder();
  const lab = await openFaceLab();
  const notes: string[] = [];
  try {
    const single: Measured[] = [];
    const withSet: Measured[] = [];
    for (const truth of await readTruth(options.truth, finder, options.people)) {
      const person = await personFromPicture(truth.name, stateOf(truth, 'neutral').file, finder);
      await lab.load(person);
      single.push(...(await measurePerson(lab, finder, truth, options)));
      const hero = HEROES.includes(truth.name) && (await hasSet(truth.name)) ? await shippedPerson(truth.name, finder) : undefined;
      if (hero === undefined) continue;
      await lab.load(hero, SIZE);
      withSet.push(...(await measurePerson(lab, finder, await ownTruth(hero, truth, finder), options, hero.face)));
    }
    notes.push(...lab.takeFaults(), ...worstOf(single));
    return {
      metrics: { ...metricsOf(single, ''), ...metricsOf(withSet, 'set_') },
      targets: { landmark_error: '≤ 3', ssim: '≥ 0.90', ssim_neutral: '≥ 0.99', set_landmark_error: '≤ 3', set_ssim: '≥ 0.90' },
      notes,
    };
  } finally {
    await lab.close();
    await finder.close();
  }
}

/**
 * `whole`: size of the portrait, when the true pictures are an expression set's own, made smaller. What is compared is then drawn as large and made
 * smaller the same way, because pictures that two programs have made smaller differ by more than what is measured.
 */
async function measurePerson(
  lab: FaceLab,
  finder: FaceFinder,
  truth: TruthPerson,
  { states = KNOWN_STATES, pictures }: TruthOptions,
  whole?: { width: number; height: number },
): Promise<Measured[]> {
  const measured: Measured[] = [];
  const kind = whole === undefined ? 'single' : 'set';
  const neutral = stateOf(truth, 'neutral');
  const unit = eyeDistance(neutral.found);
  for (const [state, wanted] of truth.states) {
    if (!states.includes(state)) continue;
    const fit = await fitFrame(lab, finder, state, wanted.found, unit);
    const expected = wanted.picture;
    const got = whole === undefined ? fit.picture : resized(await drawnAt(lab, whole, fit.frame), SIZE.width, SIZE.height);
    const result = {
      person: truth.name,
      state,
      landmarkError: landmarkError(fit.found, wanted.found, unit),
      exactError: exactError(neutral, wanted, fit, unit),
      ssim: ssim(got, expected, faceBox(wanted.found)),
      ssimNear: ssim(got, expected, movedBox(neutral, wanted, unit)),
    };
    measured.push(result);
    const figures = [result.landmarkError.toFixed(2), result.exactError.toFixed(2), result.ssim.toFixed(4), result.ssimNear.toFixed(4)];
    console.error([kind, truth.name, state, ...figures, said(fit)].join('  '));
    if (pictures !== undefined)
      await writePicture(join(pictures, `${truth.name}-${kind}-${state}.png`), sideBySide([expected, got, difference(expected, got)]));
  }
  return measured;
}

/** One frame at another size; then the lab draws at its usual size again. */
async function drawnAt(lab: FaceLab, { width, height }: { width: number; height: number }, frame: PartialFrame): Promise<Picture> {
  await lab.setQuality({ width, height, effects: false });
  const picture = await lab.drawLast([frame]);
  await lab.setQuality({ ...SIZE, effects: false });
  return picture;
}

const said = ({ frame }: Fit): string =>
  JSON.stringify(frame, (_key, value: unknown) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value));

/** The box of the points that are elsewhere than in the neutral picture, with a margin; of the whole face when none or all of it moved. */
function movedBox(neutral: TruthState, wanted: TruthState, unit: number): Box {
  const moved = wanted.found.filter((_value, index) => {
    const point = Math.floor(index / 3) * 3;
    const [dx, dy] = [0, 1].map((axis) => (wanted.found[point + axis] ?? 0) - (neutral.found[point + axis] ?? 0));
    return Math.hypot(dx ?? 0, dy ?? 0) > 0.025 * unit;
  });
  if (moved.length === 0) return faceBox(wanted.found);
  const [left, top, right, bottom] = faceBox(moved);
  const margin = 0.08 * unit;
  return [left - margin, top - margin, right + margin, bottom + margin];
}

/** The box of the points. */
function faceBox(points: Landmarks): Box {
  const x = points.filter((_value, index) => index % 3 === 0);
  const y = points.filter((_value, index) => index % 3 === 1);
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
}

/**
 * Mean difference, % of the eye distance, between how far named points moved from neutral in our drawing (found again) and how far the rendered
 * vertices did. The detector places some points elsewhere than the vertex of that name, by the same in both states, so positions say nothing.
 */
function exactError(neutral: TruthState, wanted: TruthState, fit: Fit, unit: number): number {
  const errors = namedPoints(neutral).flatMap(([name, point]) => {
    const [from, to] = [neutral.exact[name], wanted.exact[name]];
    if (from === undefined || to === undefined) return [];
    const moved = [0, 1].map((axis) => (fit.found[point * 3 + axis] ?? 0) - (neutral.found[point * 3 + axis] ?? 0));
    return [Math.hypot((moved[0] ?? 0) - (to[0] - from[0]), (moved[1] ?? 0) - (to[1] - from[1]))];
  });
  return errors.length === 0 ? 0 : (100 * errors.reduce((sum, each) => sum + each, 0)) / errors.length / unit;
}

/** Names with the mesh points that show them. Points of the outline are left away: the detector finds the silhouette, not a vertex. */
function namedPoints(neutral: TruthState): [string, number][] {
  const names = new Map(Object.entries(SKIN_POINTS).filter(([name]) => !name.startsWith('face_')));
  for (const { points, named } of CONTOURS)
    for (const name of named) {
      const at: Point | undefined = neutral.exact[name];
      if (names.has(name) || at === undefined) continue;
      const away = (point: number): number => Math.abs((neutral.found[point * 3] ?? 0) - at[0]);
      names.set(
        name,
        points.reduce((nearest, point) => (away(point) < away(nearest) ? point : nearest)),
      );
    }
  names.set('iris_right', RIGHT_IRIS[0] ?? 0);
  names.set('iris_left', LEFT_IRIS[0] ?? 0);
  return [...names];
}

async function hasSet(id: string): Promise<boolean> {
  return access(join(CHARACTERS, id, 'set.json')).then(
    () => true,
    () => false,
  );
}

/** A character's own pictures of its states: the patches of its set laid over the portrait, at the size of the truth's pictures. */
async function ownTruth(hero: Person, truth: TruthPerson, finder: FaceFinder): Promise<TruthPerson> {
  const states = new Map<string, TruthState>();
  for (const [state, patch] of hero.patches) {
    const exact = truth.states.get(state)?.exact;
    if (exact === undefined || hero.set === undefined) continue;
    const picture = resized(await overlay(hero.portrait, patch, hero.set.box), SIZE.width, SIZE.height);
    const found = await finder.find(picture);
    if (found !== undefined) states.set(state, { file: '', picture, found, exact });
  }
  return { name: truth.name, states };
}

function metricsOf(measured: readonly Measured[], prefix: string): Record<string, Metric> {
  if (measured.length === 0) return {};
  const metrics: Record<string, Metric> = {
    [`${prefix}landmark_error`]: distribution(
      '%',
      measured.map((each) => each.landmarkError),
    ),
    [`${prefix}exact_error`]: distribution(
      '%',
      measured.map((each) => each.exactError),
    ),
    [`${prefix}ssim_near`]: distribution(
      'ratio',
      measured.map((each) => each.ssimNear),
    ),
    [`${prefix}ssim`]: distribution(
      'ratio',
      measured.map((each) => each.ssim),
    ),
  };
  for (const state of new Set(measured.map((each) => each.state))) {
    const own = measured.filter((each) => each.state === state);
    metrics[`${prefix}landmark_error_${state}`] = distribution(
      '%',
      own.map((each) => each.landmarkError),
    );
    metrics[`${prefix}exact_error_${state}`] = distribution(
      '%',
      own.map((each) => each.exactError),
    );
    metrics[`${prefix}ssim_near_${state}`] = distribution(
      'ratio',
      own.map((each) => each.ssimNear),
    );
    metrics[`${prefix}ssim_${state}`] = distribution(
      'ratio',
      own.map((each) => each.ssim),
    );
  }
  return metrics;
}

function worstOf(measured: readonly Measured[]): string[] {
  const missed = measured.filter((each) => each.landmarkError > 3 || each.ssim < (each.state === 'neutral' ? 0.99 : 0.9));
  return missed.map(
    (each) => `missed: ${each.person} ${each.state}: landmark error ${each.landmarkError.toFixed(2)} %, SSIM ${each.ssim.toFixed(3)}`,
  );
}
