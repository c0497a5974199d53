import { Group, Vector2, Vector3, Vector4, type BufferAttribute, type IUniform, type Texture } from 'three';
import { neutralFrame, type MotionFrame } from '../../../src-preload/contract/index.ts';
import type { BodyQuality, FaceSource } from '../face-body.ts';
import { stateShares } from './arkit-shapes.ts';
import { createExpressionLayers } from './expression-layers.ts';
import { createEyePlates, EYE_POINTS } from './eye-plates.ts';
import { faceAxes, toPicture } from './face-axes.ts';
import { createFaceDeformer, type FaceDeformer } from './face-deformer.ts';
import { EYES, FACE_POINTS } from './face-points.ts';
import { framePortrait, type Framing } from './framing.ts';
import { createLayer, points, textureOf, textureOfPixels, type Layer } from './layers.ts';
import { momentOf, type Moment } from './moment.ts';
import { createLidSkins } from './lid-skins.ts';
import { createMouthHole, HOLE_LOWER, HOLE_UPPER } from './mouth-hole.ts';
import { meanAround, type Pixels } from './pixels.ts';
import { takeApart, type PortraitParts } from './portrait-parts.ts';
import {
  EDGE_FRAGMENT,
  EDGE_VERTEX,
  EYE_FRAGMENT,
  EYE_VERTEX,
  FACE_FRAGMENT,
  LID_FRAGMENT,
  LID_VERTEX,
  MOUTH_VERTEX,
  mouthFragment,
  VERTEX,
} from './shaders.ts';
import { createSoftEdges, EDGE_SOURCES } from './soft-edges.ts';
import { context2d, MARGIN, paintStill } from './still-picture.ts';
import { paintTeeth, TEETH_SPAN } from './teeth-picture.ts';

type CharacterEffects = FaceSource['character']['renderer']['effects'];
/** As the shaders call them. */
const EFFECTS: Record<CharacterEffects, number> = { none: 0, cyberpunk: 1, film: 2 };

/** Below this, nobody sees that something moved: pixels of the canvas in the face and around it, and shares of what is mixed. */
const UNSEEN = { pixels: 0.2, share: 0.012, around: 0.6 };

/** A smaller canvas than this share of the prepared one would be sampled too coarsely from it. */
const SMALLEST_SHARE = 0.45;

/** One portrait on a canvas of one shape. */
export interface MeshScene {
  /** The whole canvas as it is at rest. */
  readonly still: Group;
  /** What moves; covers all that it ever uncovers. */
  readonly moving: Group;
  /** Brings the scene to a frame and says what has to be drawn again. */
  show(frame: MotionFrame): 'all' | 'moving' | 'nothing';
  /**
   * Draws at another quality from the next frame on, which is drawn as a whole. False = nothing has changed, because what was prepared does not do for
   * it. Preparing takes half a second on a slow machine, too long for somebody who is looking.
   */
  adopt(quality: BodyQuality): boolean;
  /** The next frame is drawn as a whole: what the canvas held is gone. */
  forget(): void;
  dispose(): void;
}

export function createMeshScene(source: FaceSource, quality: BodyQuality): MeshScene {
  const framing = framePortrait(source.face, quality);
  const deformer = createFaceDeformer(source.face, framing);
  let drawn = quality;
  const effectName = (): CharacterEffects => (drawn.effects ? source.character.renderer.effects : 'none');
  const effect = EFFECTS[effectName()];
  const canvas = paintStill(source.portrait, framing, quality);
  const size = { width: canvas.width, height: canvas.height };
  const style = new Vector4(quality.width, quality.height, 0, 0);
  deformer.deform(neutralFrame(0));
  const restingPlaces = deformer.places.slice();
  const pixels = context2d(canvas).getImageData(0, 0, size.width, size.height);
  const parts = takeApart(pixels, landmarksOn(source, framing, restingPlaces));
  const textures = { still: textureOf(canvas), eyes: textureOfPixels(parts.eyes), teeth: textureOfPixels(paintTeeth()) };
  const uniforms = { canvasSize: { value: new Vector2(quality.width, quality.height) }, style: { value: style } };
  const base = { ...uniforms, picture: { value: textures.still } };
  const texels = texelsOn(size, restingPlaces);
  const moved = points(deformer.places, 2);
  const faceAttributes = { position: moved, texel: points(texels, 2) };
  const bands = deformer.bands.map((triangles) =>
    createLayer({ attributes: faceAttributes, triangles, vertex: VERTEX, fragment: FACE_FRAGMENT, uniforms: base, effect }),
  );
  const around = bands.slice(0, -1);
  const face = bands.slice(-1);
  const eyes = eyeLayer(deformer, parts, framing, { ...uniforms, picture: { value: textures.eyes } }, effect, source);
  const mouth = mouthLayer(deformer, texels, parts, { ...base, rows: { value: textures.teeth } }, effect);
  const edges = edgeLayer(deformer, texels, { ...base, lash: { value: new Vector3(...parts.lash) } }, effect);
  const lids = lidLayer(deformer, pixels, uniforms, effect);
  const states = createExpressionLayers({ source, framing, deformer, moved, hole: mouth.hole, uniforms, effect });

  const still = new Group().add(stillLayer(quality, size, base, effect));
  const moving = new Group().add(
    ...around,
    eyes.layer,
    mouth.layer,
    ...states.inside,
    ...face,
    ...(states.hasLids ? [] : [lids.layer]),
    ...states.skin,
    edges.layer,
  );
  const layers = (): Layer[] => [...still.children, ...moving.children, lids.layer] as Layer[];
  const unit = faceAxes(source.face.landmarks).unit * framing.scale;
  const watch = createWatch(deformer, unit);
  let wasAtRest = true;
  const bandWatches = deformer.bands.slice(0, -1).map((triangles) => createBandWatch(deformer.places, triangles));

  return {
    still,
    moving,
    show(frame) {
      deformer.deform(frame);
      const moment = momentOf(frame.atMs, effectName());
      // What moved by less than anybody sees was not drawn again: a face that has come to rest is the picture itself once more.
      const isAtRest = !differs(deformer.places, restingPlaces, 0);
      if (isAtRest && !wasAtRest) watch.forget();
      wasAtRest = isAtRest;
      const news = watch.compare(frame, moment);
      if (news === 'nothing') return news;
      for (const [order, band] of around.entries()) band.visible = bandWatches[order]?.(news === 'all') ?? true;
      style.set(drawn.width, drawn.height, moment.seed, moment.glitch);
      moved.needsUpdate = true;
      eyes.update();
      mouth.update();
      lids.update();
      // Pictures of a set show lips and what is behind them as one: there is no edge to soften.
      edges.update(states.inside.length > 0 ? 0 : mouth.hole.opening(), unit);
      states.update(frame.weights);
      return news;
    },
    adopt(wanted) {
      if (!isWithin(wanted, quality)) return false;
      drawn = wanted;
      for (const { material } of layers()) {
        if (material.defines['EFFECT'] === EFFECTS[effectName()]) continue;
        material.defines['EFFECT'] = EFFECTS[effectName()];
        material.needsUpdate = true;
      }
      watch.forget();
      return true;
    },
    forget: watch.forget,
    dispose() {
      for (const layer of layers()) {
        layer.geometry.dispose();
        layer.material.dispose();
      }
      for (const texture of Object.values<Texture>(textures)) texture.dispose();
      states.dispose();
    },
  };
}

/** Whether a canvas has the shape of the prepared one, and is not larger. Whole pixels round the shape a little. */
function isWithin(wanted: BodyQuality, prepared: BodyQuality): boolean {
  const share = wanted.height / prepared.height;
  return share <= 1 && share >= SMALLEST_SHARE && Math.abs(wanted.width - share * prepared.width) <= 1;
}

/** The 478 points in the still picture, pixels: those of the face as the deformer has them, the irises as they were found. */
function landmarksOn(source: FaceSource, framing: Framing, resting: Float32Array): [number, number][] {
  const { landmarks } = source.face;
  return Array.from({ length: 478 }, (_value, point) =>
    point < FACE_POINTS
      ? [(resting[point * 2] ?? 0) + MARGIN, (resting[point * 2 + 1] ?? 0) + MARGIN]
      : [
          framing.left + (landmarks[point * 3] ?? 0) * framing.scale + MARGIN,
          framing.top + (landmarks[point * 3 + 1] ?? 0) * framing.scale + MARGIN,
        ],
  );
}

/** Places on the canvas → texture coordinates of the still picture. */
function texelsOn(size: { width: number; height: number }, places: Float32Array): Float32Array {
  return places.map((value, index) => (value + MARGIN) / (index % 2 === 0 ? size.width : size.height));
}

function stillLayer(
  quality: BodyQuality,
  size: { width: number; height: number },
  uniforms: Record<string, IUniform>,
  effect: number,
): Layer {
  const corners = Float32Array.from([0, 0, quality.width, 0, 0, quality.height, quality.width, quality.height]);
  return createLayer({
    attributes: { position: points(corners, 2), texel: points(texelsOn(size, corners), 2) },
    triangles: Uint16Array.from([0, 1, 2, 1, 3, 2]),
    vertex: VERTEX,
    fragment: FACE_FRAGMENT,
    uniforms,
    effect,
  });
}

function eyeLayer(
  deformer: FaceDeformer,
  parts: PortraitParts,
  framing: Framing,
  uniforms: Record<string, IUniform>,
  effect: number,
  source: FaceSource,
): { layer: Layer; update: () => void } {
  const plates = createEyePlates(deformer);
  const axes = faceAxes(source.face.landmarks);
  const { width, height } = parts.eyes;
  const texel = new Float32Array(plates.places.length);
  for (let index = 0; index < texel.length / 2; index += 1) {
    const crop = parts.crops[Math.floor(index / EYE_POINTS)];
    const [x, y] = toPicture(axes, plates.resting[index * 2] ?? 0, plates.resting[index * 2 + 1] ?? 0);
    texel[index * 2] = (framing.left + x * framing.scale + MARGIN - (crop?.left ?? 0) + (crop?.column ?? 0)) / width;
    texel[index * 2 + 1] = (framing.top + y * framing.scale + MARGIN - (crop?.top ?? 0)) / height;
  }
  const iris = new Float32Array(texel.length);
  const attributes = { position: points(plates.places, 2), texel: points(texel, 2), iris: points(iris, 2) };
  const unit = axes.unit * framing.scale;
  return {
    layer: createLayer({ attributes, triangles: plates.triangles, vertex: EYE_VERTEX, fragment: EYE_FRAGMENT, uniforms, effect }),
    update() {
      plates.update();
      for (let index = 0; index < iris.length / 2; index += 1) {
        const eye = Math.floor(index / EYE_POINTS);
        const [right, down] = [(deformer.gaze[eye * 2] ?? 0) * unit, (deformer.gaze[eye * 2 + 1] ?? 0) * unit];
        iris[index * 2] = (texel[index * 2] ?? 0) - (right * axes.cos - down * axes.sin) / width;
        iris[index * 2 + 1] = (texel[index * 2 + 1] ?? 0) + 0.5 - (right * axes.sin + down * axes.cos) / height;
      }
      attributes.position.needsUpdate = true;
      attributes.iris.needsUpdate = true;
    },
  };
}

function mouthLayer(
  deformer: FaceDeformer,
  texels: Float32Array,
  parts: PortraitParts,
  uniforms: Record<string, IUniform>,
  effect: number,
) {
  const hole = createMouthHole(deformer);
  const sources = [...HOLE_UPPER, ...HOLE_LOWER];
  const attributes = {
    position: points(hole.places, 2),
    texel: points(pick(texels, sources), 2),
    teeth: points(hole.teeth, 4),
    lips: points(hole.lips, 2),
  };
  const shade = { value: 1 };
  const layer = createLayer({
    attributes,
    triangles: hole.triangles,
    vertex: MOUTH_VERTEX,
    fragment: mouthFragment(TEETH_SPAN),
    uniforms: { ...uniforms, shade, light: { value: new Vector3(...parts.light) }, flesh: { value: new Vector3(...parts.flesh) } },
    effect,
  });
  return {
    hole,
    layer,
    update() {
      hole.update();
      shade.value = 1 - 0.7 * hole.roundness();
      touch(attributes.position, attributes.teeth, attributes.lips);
    },
  };
}

function lidLayer(deformer: FaceDeformer, still: Pixels, uniforms: Record<string, IUniform>, effect: number) {
  const skins = createLidSkins(deformer, (x, y) => meanAround(still, x + MARGIN, y + MARGIN, 2));
  const attributes = { position: points(skins.places, 2), skin: points(skins.colours, 3), cover: points(skins.cover, 1) };
  const layer = createLayer({
    attributes,
    triangles: skins.triangles,
    vertex: LID_VERTEX,
    fragment: LID_FRAGMENT,
    uniforms,
    effect,
    blended: true,
  });
  return {
    layer,
    update() {
      layer.visible = skins.update();
      touch(attributes.position, attributes.cover);
    },
  };
}

function edgeLayer(deformer: FaceDeformer, texels: Float32Array, uniforms: Record<string, IUniform>, effect: number) {
  const strips = createSoftEdges(deformer);
  const attributes = { position: points(strips.places, 2), texel: points(pick(texels, EDGE_SOURCES), 2), edge: points(strips.edge, 2) };
  return {
    layer: createLayer({
      attributes,
      triangles: strips.triangles,
      vertex: EDGE_VERTEX,
      fragment: EDGE_FRAGMENT,
      uniforms,
      effect,
      blended: true,
    }),
    update(opening: number, unit: number) {
      strips.update(opening, unit);
      touch(attributes.position, attributes.edge);
    },
  };
}

function touch(...attributes: BufferAttribute[]): void {
  for (const attribute of attributes) attribute.needsUpdate = true;
}

function pick(texels: Float32Array, from: readonly number[]): Float32Array {
  return Float32Array.from(from.flatMap((point) => [texels[point * 2] ?? 0, texels[point * 2 + 1] ?? 0]));
}

/** Remembers what was drawn last, and whether a frame differs from it enough to be seen. */
function createWatch(deformer: FaceDeformer, unit: number) {
  const places = new Float32Array(deformer.places.length);
  const small = new Float32Array(6);
  let [step, drawn] = [0, false];
  let shares: Record<string, number> = {};
  return {
    forget: () => (drawn = false),
    compare(frame: MotionFrame, moment: Moment): 'all' | 'moving' | 'nothing' {
      const now = stateShares(frame.weights) as Record<string, number>;
      const seen =
        differs(places, deformer.places, UNSEEN.pixels) ||
        EYES.some((_eye, order) => Math.abs((small[order] ?? 0) - (deformer.eyesOpen[order] ?? 0)) > UNSEEN.share) ||
        deformer.gaze.some((way, index) => Math.abs((small[2 + index] ?? 0) - way) * unit > UNSEEN.pixels) ||
        Object.entries(now).some(([state, share]) => Math.abs(share - (shares[state] ?? 0)) > UNSEEN.share);
      const news = !drawn || step !== moment.step ? 'all' : seen ? 'moving' : 'nothing';
      if (news === 'nothing') return news;
      places.set(deformer.places);
      small.set(deformer.eyesOpen);
      small.set(deformer.gaze, 2);
      [step, shares, drawn] = [moment.step, now, true];
      return news;
    },
  };
}

/**
 * What lies around the face moves little, and is most of what could be drawn: a band is drawn again only when one of its corners has moved by more than
 * nobody sees. Answers whether it has to be drawn now.
 */
function createBandWatch(places: Float32Array, triangles: Uint16Array): (always: boolean) => boolean {
  const corners = Uint16Array.from(new Set(triangles));
  const drawn = new Float32Array(corners.length * 2).fill(Number.NaN);
  return (always) => {
    let moved = always;
    for (let order = 0; order < corners.length && !moved; order += 1) {
      const point = corners[order] ?? 0;
      const dx = Math.abs((places[point * 2] ?? 0) - (drawn[order * 2] ?? 0));
      const dy = Math.abs((places[point * 2 + 1] ?? 0) - (drawn[order * 2 + 1] ?? 0));
      moved = !(dx < UNSEEN.around && dy < UNSEEN.around);
    }
    if (moved)
      for (const [order, point] of corners.entries()) {
        drawn[order * 2] = places[point * 2] ?? 0;
        drawn[order * 2 + 1] = places[point * 2 + 1] ?? 0;
      }
    return moved;
  };
}

function differs(before: Float32Array, now: Float32Array, most: number): boolean {
  for (let index = 0; index < now.length; index += 1) if (Math.abs((before[index] ?? 0) - (now[index] ?? 0)) > most) return true;
  return false;
}
