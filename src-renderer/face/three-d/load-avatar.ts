import { VRM, VRMExpressionMorphTargetBind, VRMLoaderPlugin, VRMUtils } from '@pixiv/three-vrm';
import { Mesh, Texture, type Object3D } from 'three';
import { GLTFLoader, type GLTFParser } from 'three/examples/jsm/loaders/GLTFLoader.js';
import { AvatarProblem } from './avatar-problem.ts';
import type { MeshShape } from './face-place.ts';
import { readGlb, type GlbPicture } from './glb-file.ts';
import { BONE_NAMES, findBones, type Bones } from './skeleton.ts';

/** A model in memory, at rest, with its face towards +z. */
export interface Avatar {
  scene: Object3D;
  bones: Bones;
  /** The model's shapes by its own names. Expressions of a VRM and shapes of its meshes alike. */
  shapes: ReadonlyMap<string, AvatarShape>;
  vrm?: VRM;
  dispose(): void;
}

export interface AvatarShape {
  /** An expression of a VRM takes effect when its manager is updated, and clears the shapes that it is made of before. */
  kind: 'mesh' | 'expression';
  /** What it moves in meshes; an expression of a VRM may also change materials. */
  parts: readonly MeshShape[];
  /** 0..1. */
  set(weight: number): void;
}

/** Pictures are made no larger than this: a face fills a screen, never a wall. */
const LARGEST_TEXTURE = 2048;

/** Builds a model from the bytes of its file. Rejects with {@link AvatarProblem}; nothing is fetched from anywhere. */
export async function loadAvatar(bytes: ArrayBuffer): Promise<Avatar> {
  const file = readGlb(bytes);
  const pictures = createPictures(file.pictures);
  const loader = new GLTFLoader();
  loader.register((parser) => {
    readPicturesFrom(parser, pictures);
    return new VRMLoaderPlugin(parser);
  });
  try {
    const { scene, userData } = await loader.parseAsync(file.bytes, '');
    pictures.check();
    const vrm: unknown = userData['vrm'];
    return assemble(scene, vrm instanceof VRM ? vrm : undefined, pictures);
  } catch (cause) {
    pictures.close();
    if (cause instanceof AvatarProblem) throw cause;
    throw new AvatarProblem('The model is damaged or of a kind that cannot be shown. Export it again as VRM 1.0 or GLB.', { cause });
  }
}

function assemble(scene: Object3D, vrm: VRM | undefined, pictures: Pictures): Avatar {
  if (vrm !== undefined) {
    // VRM 0.x looks away from the viewer.
    VRMUtils.rotateVRM0(vrm);
    VRMUtils.combineSkeletons(scene);
  }
  scene.updateMatrixWorld(true);
  // A face is near the camera at all times; bounding boxes of skinned meshes lag behind their bones.
  scene.traverse((node) => (node.frustumCulled = false));
  const bones = vrm === undefined ? findBones(scene) : bonesOf(vrm);
  return {
    scene,
    bones,
    shapes: new Map([...meshShapes(scene), ...expressionShapes(vrm)]),
    ...(vrm === undefined ? {} : { vrm }),
    dispose() {
      VRMUtils.deepDispose(scene);
      pictures.close();
    },
  };
}

function bonesOf({ humanoid }: VRM): Bones {
  const bone = (...names: Parameters<typeof humanoid.getNormalizedBoneNode>): Object3D[] => {
    const found = humanoid.getNormalizedBoneNode(...names);
    return found === null ? [] : [found];
  };
  const bones: Bones = {};
  const [chest] = [...bone('upperChest'), ...bone('chest'), ...bone('spine')];
  if (chest !== undefined) bones.chest = chest;
  for (const name of BONE_NAMES) {
    if (name === 'chest') continue;
    const [found] = bone(name);
    if (found !== undefined) bones[name] = found;
  }
  return bones;
}

/** Avatars often repeat a shape in several meshes (head, teeth, lashes): they move together. */
function meshShapes(scene: Object3D): [string, AvatarShape][] {
  const parts = new Map<string, MeshShape[]>();
  scene.traverse((node) => {
    if (!(node instanceof Mesh)) return;
    for (const [name, index] of Object.entries(node.morphTargetDictionary ?? {}))
      parts.set(name, [...(parts.get(name) ?? []), { mesh: node, index }]);
  });
  return [...parts].map(([name, moved]) => [
    name,
    { kind: 'mesh', parts: moved, set: (weight) => moved.forEach((part) => influence(part, weight)) },
  ]);
}

function influence({ mesh, index }: MeshShape, weight: number): void {
  if (mesh.morphTargetInfluences !== undefined) mesh.morphTargetInfluences[index] = weight;
}

function expressionShapes(vrm: VRM | undefined): [string, AvatarShape][] {
  const manager = vrm?.expressionManager;
  return (manager?.expressions ?? []).flatMap((expression): [string, AvatarShape][] => {
    const name = expression.expressionName;
    if (expression.binds.length === 0) return [];
    const parts = expression.binds.flatMap((bind) =>
      bind instanceof VRMExpressionMorphTargetBind ? bind.primitives.map((mesh): MeshShape => ({ mesh, index: bind.index })) : [],
    );
    return [[name, { kind: 'expression', parts, set: (weight) => manager?.setValue(name, weight) }]];
  });
}

/** The pictures of a file, each decoded once however many textures use it. */
interface Pictures {
  textureOf(index: number): Promise<Texture>;
  /** Throws what went wrong with a picture: the loader shows a model without it and keeps silent. */
  check(): void;
  close(): void;
}

function createPictures(files: readonly GlbPicture[]): Pictures {
  const decoded = new Map<number, Promise<ImageBitmap>>();
  let problem: unknown;
  async function decode(index: number): Promise<ImageBitmap> {
    const file = files[index];
    if (file === undefined) throw new AvatarProblem('A picture of the model is missing in the file. Export it again.');
    return decodePicture(file);
  }
  return {
    async textureOf(index) {
      const pending = decoded.get(index) ?? decode(index);
      decoded.set(index, pending);
      try {
        const texture = new Texture(await pending);
        texture.needsUpdate = true;
        return texture;
      } catch (error) {
        problem ??= error;
        throw error;
      }
    },
    check() {
      if (problem !== undefined) throw problem;
    },
    close() {
      for (const pending of decoded.values()) void pending.then((bitmap) => bitmap.close()).catch(() => undefined);
      decoded.clear();
    },
  };
}

async function decodePicture({ bytes, mimeType }: GlbPicture): Promise<ImageBitmap> {
  // glTF keeps colours and alpha as they are in the file; the loader says which ones are sRGB.
  const options: ImageBitmapOptions = { imageOrientation: 'none', premultiplyAlpha: 'none', colorSpaceConversion: 'none' };
  try {
    const bitmap = await createImageBitmap(new Blob([bytes], { type: mimeType }), options);
    const shrink = LARGEST_TEXTURE / Math.max(bitmap.width, bitmap.height);
    if (shrink >= 1) return bitmap;
    const smaller = await createImageBitmap(bitmap, {
      ...options,
      resizeWidth: Math.max(1, Math.round(bitmap.width * shrink)),
      resizeHeight: Math.max(1, Math.round(bitmap.height * shrink)),
      resizeQuality: 'high',
    });
    bitmap.close();
    return smaller;
  } catch (cause) {
    throw new AvatarProblem('A picture of the model is damaged. Export the model again.', { cause });
  }
}

/** three's own way would fetch each picture from a blob address, which our page's policy forbids. */
function readPicturesFrom(parser: GLTFParser, pictures: Pictures): void {
  parser.loadImageSource = (index) => pictures.textureOf(index);
}
