import {
  BufferAttribute,
  BufferGeometry,
  CustomBlending,
  GLSL3,
  LinearFilter,
  Mesh,
  NoBlending,
  NoColorSpace,
  OneMinusSrcAlphaFactor,
  RawShaderMaterial,
  RGBAFormat,
  SrcAlphaFactor,
  Texture,
  DataTexture,
  type IUniform,
} from 'three';
import type { Pixels } from './pixels.ts';

/** Three's objects for flat layers on the canvas: places are pixels, nothing is culled, sorted or tested for depth. */
export interface LayerOptions {
  attributes: Record<string, BufferAttribute>;
  triangles: Uint16Array;
  vertex: string;
  fragment: string;
  uniforms: Record<string, IUniform>;
  /** 0 none, 1 cyberpunk, 2 film. */
  effect: number;
  /** Mixes with what is below by its alpha. */
  blended?: boolean;
}

export type Layer = Mesh<BufferGeometry, RawShaderMaterial>;

export function createLayer({ attributes, triangles, vertex, fragment, uniforms, effect, blended = false }: LayerOptions): Layer {
  const geometry = new BufferGeometry();
  for (const [name, attribute] of Object.entries(attributes)) geometry.setAttribute(name, attribute);
  geometry.setIndex(new BufferAttribute(triangles, 1));
  const material = new RawShaderMaterial({
    glslVersion: GLSL3,
    vertexShader: vertex,
    fragmentShader: fragment,
    uniforms,
    defines: { EFFECT: effect },
    depthTest: false,
    depthWrite: false,
    // Turned heads fold triangles over; both sides show the same skin.
    side: 2,
    ...(blended
      ? { blending: CustomBlending, blendSrc: SrcAlphaFactor, blendDst: OneMinusSrcAlphaFactor, transparent: true }
      : { blending: NoBlending }),
  });
  const mesh = new Mesh(geometry, material);
  mesh.frustumCulled = false;
  mesh.matrixAutoUpdate = false;
  return mesh;
}

export function points(array: Float32Array, size: number): BufferAttribute {
  return new BufferAttribute(array, size);
}

/** Sampled smoothly at its own resolution: no mipmaps (they double the cost of a pixel without a GPU), bytes as they are. */
export function textureOf(image: OffscreenCanvas | ImageBitmap): Texture {
  return finished(new Texture(image));
}

export function textureOfPixels({ data, width, height }: Pixels): Texture {
  return finished(new DataTexture(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), width, height, RGBAFormat));
}

function finished(texture: Texture): Texture {
  texture.colorSpace = NoColorSpace;
  texture.minFilter = LinearFilter;
  texture.magFilter = LinearFilter;
  texture.generateMipmaps = false;
  texture.flipY = false;
  texture.premultiplyAlpha = false;
  texture.needsUpdate = true;
  return texture;
}
