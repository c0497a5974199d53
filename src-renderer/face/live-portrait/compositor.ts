import type { PortraitSquare } from '../../../src-preload/contract/index.ts';
import type { FaceSource } from '../face-body.ts';
import { contextLost, noWebgl } from '../failures.ts';
import { framePortrait } from '../mesh/framing.ts';
import { MARGIN, paintStill } from '../mesh/still-picture.ts';
import { pasteMask } from './paste-mask.ts';

/** Lays the painted square over the portrait. */
export interface Compositor {
  /** Sizes in drawn pixels. */
  resize(size: { width: number; height: number }): void;
  /** The square's next picture, I420 of its size. */
  take(pixels: Uint8Array): void;
  /** Draws the portrait, and the square once there is a picture of it. */
  show(): void;
  dispose(): void;
}

const CORNER_VERTEX = `#version 300 es
in vec4 corner;
in vec2 place;
out vec2 at;
out vec2 onPortrait;
void main() {
  at = corner.zw;
  onPortrait = place;
  gl_Position = vec4(corner.xy, 0.0, 1.0);
}`;

const STILL_FRAGMENT = `#version 300 es
precision mediump float;
uniform sampler2D picture;
in vec2 at;
out vec4 colour;
void main() {
  colour = vec4(texture(picture, at).rgb, 1.0);
}`;

/** JFIF's colours back to RGB; seen through the mask, and only where the portrait is: beyond it the network has painted black. */
const SQUARE_FRAGMENT = `#version 300 es
precision highp float;
uniform sampler2D luma;
uniform sampler2D blue;
uniform sampler2D red;
uniform sampler2D mask;
uniform vec3 portrait;
in vec2 at;
in vec2 onPortrait;
out vec4 colour;
void main() {
  float y = texture(luma, at).r;
  float u = texture(blue, at).r - 128.0 / 255.0;
  float v = texture(red, at).r - 128.0 / 255.0;
  vec2 inside = min(onPortrait, portrait.xy - onPortrait) / portrait.z;
  float edge = clamp(min(inside.x, inside.y), 0.0, 1.0);
  colour = vec4(y + 1.402 * v, y - 0.344136 * u - 0.714136 * v, y + 1.772 * u, edge * texture(mask, at).r);
}`;

/** Pixels of the square over which it fades at the portrait's edge. */
const EDGE = 14;

/** Throws a {@link BodyFailure} when the canvas cannot be drawn on. */
export function createCompositor(
  canvas: HTMLCanvasElement | OffscreenCanvas,
  { portrait, face }: Pick<FaceSource, 'portrait' | 'face'>,
  square: PortraitSquare,
): Compositor {
  const gl = contextOf(canvas);
  const still = program(gl, STILL_FRAGMENT);
  const painted = program(gl, SQUARE_FRAGMENT);
  const [stillTexture, luma, blue, red, mask] = [texture(gl), texture(gl), texture(gl), texture(gl), texture(gl)];
  const [stillCorners, squareCorners] = [gl.createBuffer(), gl.createBuffer()];
  const { size } = square;
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
  gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
  upload(gl, mask, size, pasteMask(size));
  let hasPicture = false;

  const draw = (shader: WebGLProgram, corners: WebGLBuffer, textures: Record<string, WebGLTexture>): void => {
    gl.useProgram(shader);
    gl.bindBuffer(gl.ARRAY_BUFFER, corners);
    for (const [name, components, offset] of [
      ['corner', 4, 0],
      ['place', 2, 16],
    ] as const) {
      const location = gl.getAttribLocation(shader, name);
      if (location < 0) continue;
      gl.enableVertexAttribArray(location);
      gl.vertexAttribPointer(location, components, gl.FLOAT, false, 24, offset);
    }
    for (const [unit, [name, bound]] of Object.entries(textures).entries()) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, bound);
      gl.uniform1i(gl.getUniformLocation(shader, name), unit);
    }
    gl.drawArrays(gl.TRIANGLE_STRIP, 0, 4);
  };

  return {
    resize({ width, height }) {
      [canvas.width, canvas.height] = [width, height];
      gl.viewport(0, 0, width, height);
      const framing = framePortrait(face, { width, height });
      const toClip = (x: number, y: number): [number, number] => [(2 * x) / width - 1, 1 - (2 * y) / height];
      gl.bindTexture(gl.TEXTURE_2D, stillTexture);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, paintStill(portrait, framing, { width, height }));
      const corners = (
        place: (u: number, v: number) => { canvas: [number, number]; portrait: [number, number] },
      ): Float32Array<ArrayBuffer> =>
        Float32Array.from(
          UNIT_SQUARE.flatMap(([u, v]) => {
            const at = place(u, v);
            return [...toClip(...at.canvas), u, v, ...at.portrait];
          }),
        );
      fill(
        gl,
        stillCorners,
        corners((u, v) => ({ canvas: [u * (width + 2 * MARGIN) - MARGIN, v * (height + 2 * MARGIN) - MARGIN], portrait: [0, 0] })),
      );
      fill(
        gl,
        squareCorners,
        corners((u, v) => {
          const [x, y] = onPortrait(square, u, v);
          return { canvas: [x * framing.scale + framing.left, y * framing.scale + framing.top], portrait: [x, y] };
        }),
      );
    },
    take(pixels) {
      const area = size * size;
      upload(gl, luma, size, pixels.subarray(0, area));
      upload(gl, blue, size / 2, pixels.subarray(area, (area * 5) / 4));
      upload(gl, red, size / 2, pixels.subarray((area * 5) / 4));
      hasPicture = true;
    },
    show() {
      gl.disable(gl.BLEND);
      draw(still, stillCorners, { picture: stillTexture });
      if (!hasPicture) return;
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
      gl.useProgram(painted);
      const edge = EDGE * Math.hypot(square.a, square.b);
      gl.uniform3f(gl.getUniformLocation(painted, 'portrait'), portrait.width, portrait.height, edge);
      draw(painted, squareCorners, { luma, blue, red, mask });
    },
    dispose() {
      gl.disable(gl.BLEND);
      for (const each of [stillTexture, luma, blue, red, mask]) gl.deleteTexture(each);
      for (const each of [stillCorners, squareCorners]) gl.deleteBuffer(each);
      for (const each of [still, painted]) gl.deleteProgram(each);
    },
  };
}

/** Where a point of the square, 0..1, lies on the portrait. */
function onPortrait({ size, a, b, left, top }: PortraitSquare, u: number, v: number): [number, number] {
  return [(a * u - b * v) * size + left, (b * u + a * v) * size + top];
}

/** As a strip of two triangles. */
const UNIT_SQUARE: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
];

/** With the same attributes as the mesh asks for, which may get the canvas next. */
function contextOf(canvas: HTMLCanvasElement | OffscreenCanvas): WebGL2RenderingContext {
  const gl = canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    depth: false,
    stencil: false,
    preserveDrawingBuffer: true,
  }) as WebGL2RenderingContext | null;
  if (gl !== null && !gl.isContextLost()) return gl;
  throw gl === null ? noWebgl() : contextLost();
}

function program(gl: WebGL2RenderingContext, fragment: string): WebGLProgram {
  const linked = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, CORNER_VERTEX],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(type);
    if (!shader) continue;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(linked, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(linked);
  if (gl.getProgramParameter(linked, gl.LINK_STATUS) === true) return linked;
  console.warn('The graphics driver refuses a shader of the face:', gl.getProgramInfoLog(linked));
  throw noWebgl();
}

function texture(gl: WebGL2RenderingContext): WebGLTexture {
  const made = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, made);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return made;
}

/** A plane of single bytes. */
function upload(gl: WebGL2RenderingContext, target: WebGLTexture, size: number, bytes: Uint8Array): void {
  gl.bindTexture(gl.TEXTURE_2D, target);
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, size, size, 0, gl.RED, gl.UNSIGNED_BYTE, bytes);
}

function fill(gl: WebGL2RenderingContext, buffer: WebGLBuffer, values: Float32Array<ArrayBuffer>): void {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
}
