import { smooth, type StateName } from './arkit-shapes.ts';
import { EYES, FACE_POINTS, OVAL } from './face-points.ts';
import topology from './face-topology.json' with { type: 'json' };

/*
 * Where the pictures of an expression set lie over the portrait, and how much of each. Every picture is bent to the same geometry, so lips coincide and
 * nothing is seen twice; regions fade out towards skin that is alike in all states.
 */

/** States that show the lower face, in the order in which they are laid over each other. */
export const MOUTH_STATES = ['aa_small', 'aa_wide', 'oh', 'oo', 'ee', 'pp', 'ff', 'smile'] as const satisfies readonly StateName[];
export type MouthState = (typeof MOUTH_STATES)[number];
/** Of these, the ones that show what is behind the lips. */
const OPEN_STATES: ReadonlySet<MouthState> = new Set(['aa_small', 'aa_wide', 'oh', 'oo', 'ee', 'ff']);

/** 0..1 for each of the 468 points. */
export interface Regions {
  mouth: Float32Array;
  brows: Float32Array;
  /** As in `EYES`. */
  eyes: readonly Float32Array[];
}

export function regionsOf(rest: Float32Array): Regions {
  const x = (point: number): number => rest[point * 3] ?? 0;
  const y = (point: number): number => rest[point * 3 + 1] ?? 0;
  const outline = new Set<number>(OVAL);
  const region = (share: (point: number) => number): Float32Array =>
    Float32Array.from({ length: FACE_POINTS }, (_value, point) => (outline.has(point) ? 0 : share(point)));
  const [mouthX, mouthY] = [(x(13) + x(14)) / 2, (y(13) + y(14)) / 2];
  const noseY = y(2);
  return {
    mouth: region((point) => {
      const away = Math.hypot((x(point) - mouthX) / 0.62, (y(point) - mouthY) / (y(point) < mouthY ? 0.5 : 0.42));
      // Not over the nose: only what is below its base.
      const besideNose = Math.abs(x(point)) < 0.14 ? smooth((y(point) - noseY + 0.05) / 0.06) : 1;
      return (1 - smooth((away - 0.62) / 0.38)) * besideNose;
    }),
    brows: region(
      (point) => (1 - smooth((Math.abs(x(point)) - 0.52) / 0.16)) * smooth((-0.06 - y(point)) / 0.06) * smooth((y(point) + 0.5) / 0.2),
    ),
    eyes: EYES.map((eye) => {
      const [a, b] = eye.corners;
      const [cx, cy] = [(x(a) + x(b)) / 2, (y(a) + y(b)) / 2];
      return region((point) => 1 - smooth((Math.hypot((x(point) - cx) / 0.27, (y(point) - cy) / 0.17) - 0.62) / 0.38));
    }),
  };
}

/** Triangles of the face that a region touches. */
export function trianglesIn(cover: Float32Array): Uint16Array {
  const kept: number[] = [];
  const all = topology.triangles;
  for (let at = 0; at < all.length; at += 3) {
    const corners = [all[at] ?? 0, all[at + 1] ?? 0, all[at + 2] ?? 0];
    if (corners.some((point) => (cover[point] ?? 0) > 0)) kept.push(...corners);
  }
  return Uint16Array.from(kept);
}

/** At most so many pictures are mixed: a fourth is never seen, and each costs as much as the face below it. */
export const MIXED = 3;

/** The strongest states, their shares adding up to 1, and how much of all there is in sum. */
export interface StateMix {
  states: readonly { state: MouthState; share: number }[];
  total: number;
}

/** What is seen of the lower face: the portrait has the rest. */
export function mixSkin(shares: Record<StateName, number>, present: (state: MouthState) => boolean): StateMix {
  return strongest(MOUTH_STATES.filter(present).map((state) => ({ state, share: shares[state] })));
}

/**
 * What is seen behind the lips, where the portrait shows nothing: the open states share all, and a mouth that is open without any of them takes
 * "aa_small".
 */
export function mixInside(shares: Record<StateName, number>, present: (state: MouthState) => boolean): StateMix {
  const open = MOUTH_STATES.filter((state) => present(state) && OPEN_STATES.has(state)).map((state) => ({ state, share: shares[state] }));
  const sum = open.reduce((all, { share }) => all + share, 0);
  return strongest(open.map(({ state, share }) => ({ state, share: share + (state === 'aa_small' ? Math.max(0, 0.05 - sum) : 0) })));
}

function strongest(all: { state: MouthState; share: number }[]): StateMix {
  const total = all.reduce((sum, { share }) => sum + share, 0);
  const kept = all
    .filter(({ share }) => share > FAINT * total)
    .sort((a, b) => b.share - a.share)
    .slice(0, MIXED);
  const sum = kept.reduce((part, { share }) => part + share, 0);
  return { states: kept.map(({ state, share }) => ({ state, share: share / sum })), total: Math.min(1, total) };
}

/** Less of a mix is not seen. */
const FAINT = 0.02;
