import { Vector3, type BufferAttribute, type IUniform, type Texture } from 'three';
import type { FaceWeights } from '../../../src-preload/contract/index.ts';
import type { FaceSource } from '../face-body.ts';
import { smooth, stateShares } from './arkit-shapes.ts';
import { MIXED, mixInside, mixSkin, MOUTH_STATES, regionsOf, trianglesIn, type MouthState, type StateMix } from './expression-regions.ts';
import { MOVING_POINTS, type FaceDeformer } from './face-deformer.ts';
import { EYES, FACE_POINTS } from './face-points.ts';
import type { Framing } from './framing.ts';
import { createLayer, points, textureOf, type Layer } from './layers.ts';
import { HOLE_LOWER, HOLE_POINTS, HOLE_UPPER, type MouthHole } from './mouth-hole.ts';
import { MIX_FRAGMENT, MIX_VERTEX } from './shaders.ts';
import { context2d } from './still-picture.ts';

/** The real pictures of an expression set, laid over the mesh; without a set there are no layers. */
export interface ExpressionLayers {
  /** Over the face, in this order. */
  skin: readonly Layer[];
  /** Behind the lips, in this order. */
  inside: readonly Layer[];
  /** Whether shut lids are real ones. */
  readonly hasLids: boolean;
  update(weights: FaceWeights): void;
  dispose(): void;
}

interface Options {
  source: FaceSource;
  framing: Framing;
  deformer: FaceDeformer;
  /** Places of all moving points. */
  moved: BufferAttribute;
  hole: MouthHole;
  uniforms: Record<string, IUniform>;
  effect: number;
}

/** Less is not seen. */
const FAINT = 0.015;

export function createExpressionLayers(options: Options): ExpressionLayers {
  const { source, deformer, hole } = options;
  const set = source.expressions?.set;
  const regions = regionsOf(deformer.rest);
  const patches = new Map<string, Patch>();
  for (const [state, { landmarks }] of Object.entries(set?.states ?? {})) {
    const picture = source.expressions?.pictures.get(state);
    if (set === undefined || picture === undefined) continue;
    const face = texelsOf(landmarks, set.box);
    const inside = Float32Array.from([...HOLE_UPPER, ...HOLE_LOWER].flatMap((point) => [face[point * 2] ?? 0, face[point * 2 + 1] ?? 0]));
    patches.set(state, {
      texture: textureOf(shrunk(picture, options.framing)),
      face: points(padded(face, 2), 2),
      inside: points(inside, 2),
    });
  }
  const has = (state: MouthState): boolean => patches.has(state);
  const over = (cover: Float32Array): MixedLayer =>
    mixedLayer(options, { position: options.moved, cover: points(padded(cover, 1), 1) }, trianglesIn(cover), 'face');
  const holeCover = new Float32Array(HOLE_POINTS);
  const holeAttributes = { position: points(hole.places, 2), cover: points(holeCover, 1) };
  const mouth = MOUTH_STATES.some(has)
    ? { skin: over(regions.mouth), inside: mixedLayer(options, holeAttributes, hole.triangles, 'inside') }
    : undefined;
  const [blink, raised] = [patches.get('blink'), patches.get('brows_up')];
  const lids = blink === undefined ? [] : EYES.map((_eye, order) => over(regions.eyes[order] ?? new Float32Array(FACE_POINTS)));
  const brows = raised === undefined ? undefined : over(regions.brows);
  const show = (layer: MixedLayer, { states, total }: StateMix): void =>
    layer.show(
      states.flatMap(({ state, share }) => {
        const patch = patches.get(state);
        return patch === undefined ? [] : [{ patch, share }];
      }),
      total,
    );

  return {
    skin: [brows, mouth?.skin, ...lids].flatMap((each) => (each === undefined ? [] : [each.layer])),
    inside: mouth === undefined ? [] : [mouth.inside.layer],
    hasLids: blink !== undefined,
    update(weights) {
      const shares = stateShares(weights);
      if (mouth !== undefined) {
        show(mouth.skin, mixSkin(shares, has));
        show(mouth.inside, { ...mixInside(shares, has), total: hole.opening() > 0.001 ? 1 : 0 });
        for (let index = 0; index < HOLE_POINTS; index += 1) holeCover[index] = hole.teeth[index * 4 + 3] ?? 0;
        holeAttributes.position.needsUpdate = true;
        holeAttributes.cover.needsUpdate = true;
      }
      if (raised !== undefined) brows?.show([{ patch: raised, share: 1 }], shares.brows_up);
      if (blink !== undefined)
        for (const [order, lid] of lids.entries())
          lid.show([{ patch: blink, share: 1 }], smooth(1.15 - 1.15 * (deformer.eyesOpen[order] ?? 1)));
    },
    dispose() {
      for (const { texture } of patches.values()) texture.dispose();
    },
  };
}

/** One picture of the set, with where the points of the face and of the mouth's hole lie in it. */
interface Patch {
  texture: Texture;
  face: BufferAttribute;
  inside: BufferAttribute;
}

interface MixedLayer {
  layer: Layer;
  /** Shares add up to 1, the strongest first; `total` = how much of what lies below is covered. */
  show(parts: readonly { patch: Patch; share: number }[], total: number): void;
}

/** Up to three pictures, mixed in one pass: without a GPU a pass costs more than a fetch. */
function mixedLayer(
  options: Options,
  attributes: Record<string, BufferAttribute>,
  triangles: Uint16Array,
  part: 'face' | 'inside',
): MixedLayer {
  const pictures = Array.from({ length: MIXED }, (): IUniform => ({ value: null }));
  const shares = new Vector3();
  const total = { value: 0 };
  const size = attributes['position']?.count ?? 0;
  const nowhere = points(new Float32Array(size * 2), 2);
  const layer = createLayer({
    attributes: { ...attributes, ...Object.fromEntries(TEXELS.map((name) => [name, nowhere])) },
    triangles,
    vertex: MIX_VERTEX,
    fragment: MIX_FRAGMENT,
    uniforms: {
      ...options.uniforms,
      ...Object.fromEntries(pictures.map((picture, order) => [`picture${order}`, picture])),
      shares: { value: shares },
      total,
    },
    effect: options.effect,
    blended: true,
  });
  layer.visible = false;
  return {
    layer,
    show(parts, covered) {
      layer.visible = covered > FAINT && parts.length > 0;
      if (!layer.visible) return;
      total.value = covered;
      shares.set(parts[0]?.share ?? 0, parts[1]?.share ?? 0, parts[2]?.share ?? 0);
      for (const [order, name] of TEXELS.entries()) {
        // A picture that is not used still has to be one.
        const patch = (parts[order] ?? parts[0])?.patch;
        if (patch === undefined) continue;
        layer.geometry.setAttribute(name, patch[part]);
        const picture = pictures[order];
        if (picture !== undefined) picture.value = patch.texture;
      }
    },
  };
}

const TEXELS = ['texel0', 'texel1', 'texel2'];

/** Where each point of the face lies in a patch of the set. */
function texelsOf(landmarks: readonly number[], [left, top, right, bottom]: readonly [number, number, number, number]): Float32Array {
  return Float32Array.from({ length: FACE_POINTS * 2 }, (_value, index) =>
    index % 2 === 0 ? ((landmarks[index] ?? 0) - left) / (right - left) : ((landmarks[index] ?? 0) - top) / (bottom - top),
  );
}

/** All layers over the face use the places of all moving points; those of the rings have no share. */
function padded(values: Float32Array, size: number): Float32Array {
  const all = new Float32Array(MOVING_POINTS * size);
  all.set(values);
  return all;
}

/** Pictures larger than they are shown would shimmer, and cost memory. */
function shrunk(picture: ImageBitmap, { scale }: Framing): ImageBitmap | OffscreenCanvas {
  if (scale >= 1) return picture;
  const canvas = new OffscreenCanvas(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
  context2d(canvas).drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}
