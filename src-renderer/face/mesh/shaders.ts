/*
 * GLSL 3 (WebGL 2). Places come as pixels of the canvas, from the top left; textures hold sRGB bytes that are written as they are, so that a face at
 * rest is the picture itself. Without a GPU each fetch and each pixel counts: one fetch per layer, no branches in the plain face.
 */

export const VERTEX = `
precision highp float;
in vec2 position;
in vec2 texel;
uniform vec2 canvasSize;
out vec2 at;
void main() {
  at = texel;
  gl_Position = vec4(position.x / canvasSize.x * 2.0 - 1.0, 1.0 - position.y / canvasSize.y * 2.0, 0.0, 1.0);
}`;

/** Everything that is drawn goes through \`styled\`: what is still and what moves must look alike. \`EFFECT\`: 0 none, 1 cyberpunk, 2 film. */
const STYLED = `
uniform vec4 style; // Canvas width, height, seed of this moment, strength of the glitch.
vec3 styled(vec3 colour) {
#if EFFECT == 1
  vec2 uv = gl_FragCoord.xy / style.xy;
  float line = 0.5 + 0.5 * sin(gl_FragCoord.y * 2.0944);
  float light = dot(colour, vec3(0.3, 0.59, 0.11));
  vec3 neon = mix(vec3(1.0, 0.16, 0.55), vec3(0.1, 0.85, 1.0), uv.x);
  colour = mix(colour, colour * (0.72 + 0.5 * neon), 0.35) + neon * 0.07 * light;
  colour *= 0.93 + 0.09 * line;
  float band = fract(uv.y * 0.9 + style.z * 0.37);
  colour += neon * 0.05 * smoothstep(0.06, 0.0, abs(band - 0.5));
  vec2 away = uv - 0.5;
  return colour * (1.06 - 0.55 * dot(away, away));
#elif EFFECT == 2
  vec2 uv = gl_FragCoord.xy / style.xy;
  float grain = fract(sin(dot(floor(gl_FragCoord.xy / 1.5), vec2(12.9898, 78.233)) + style.z * 17.0) * 43758.5453) - 0.5;
  float light = dot(colour, vec3(0.3, 0.59, 0.11));
  colour = mix(colour, light * vec3(1.08, 1.0, 0.86), 0.22) + grain * 0.055;
  colour = mix(vec3(0.03, 0.028, 0.02), vec3(1.0, 0.985, 0.94), clamp(colour, 0.0, 1.0));
  vec2 away = uv - 0.5;
  return colour * (1.04 - 0.7 * dot(away, away));
#else
  return colour;
#endif
}
`;

const GLITCH = `
#if EFFECT == 1
vec2 torn(vec2 place) {
  float slice = floor(gl_FragCoord.y / style.y * 24.0);
  float chance = fract(sin(slice * 91.7 + style.z * 13.1) * 4375.5);
  return place + vec2(style.w * step(0.72, chance) * (chance - 0.86) * 0.35, 0.0);
}
#else
vec2 torn(vec2 place) { return place; }
#endif
`;

/** The portrait, still or moved. */
export const FACE_FRAGMENT = `
precision highp float;
in vec2 at;
uniform sampler2D picture;
out vec4 colour;
${STYLED}${GLITCH}
void main() { colour = vec4(styled(texture(picture, torn(at)).rgb), 1.0); }`;

/** Up to three pictures of states, mixed, over the face. `cover` = where. */
export const MIX_VERTEX = VERTEX.replace(
  'in vec2 texel;',
  'in vec2 texel0;\nin vec2 texel1;\nin vec2 texel2;\nin float cover;\nuniform float total;\nout vec4 others;\nout float seen;',
).replace('at = texel;', 'at = texel0;\n  others = vec4(texel1, texel2);\n  seen = cover * total;');
export const MIX_FRAGMENT = `
precision highp float;
in vec2 at;
in vec4 others;
in float seen;
uniform sampler2D picture0;
uniform sampler2D picture1;
uniform sampler2D picture2;
uniform vec3 shares;
out vec4 colour;
${STYLED}
void main() {
  vec3 mixed = shares.x * texture(picture0, at).rgb;
  if (shares.y > 0.0) mixed += shares.y * texture(picture1, others.xy).rgb;
  if (shares.z > 0.0) mixed += shares.z * texture(picture2, others.zw).rgb;
  colour = vec4(styled(mixed), seen);
}`;

/** Eyes: the white, and the iris over it where it looks. */
export const EYE_VERTEX = VERTEX.replace('in vec2 texel;', 'in vec2 texel;\nin vec2 iris;\nout vec2 irisAt;').replace(
  'at = texel;',
  'at = texel;\n  irisAt = iris;',
);
export const EYE_FRAGMENT = `
precision highp float;
in vec2 at;
in vec2 irisAt;
uniform sampler2D picture;
out vec4 colour;
${STYLED}
void main() {
  vec4 iris = texture(picture, irisAt);
  colour = vec4(styled(mix(texture(picture, at).rgb, iris.rgb, iris.a)), 1.0);
}`;

/** Inside of a mouth that is only known shut: cavity, tongue, two rows of teeth; the portrait's own seam while it is shut. */
export const MOUTH_VERTEX = VERTEX.replace(
  'in vec2 texel;',
  'in vec2 texel;\nin vec4 teeth;\nin vec2 lips;\nout vec4 inside;\nout vec2 below;',
).replace('at = texel;', 'at = texel;\n  inside = teeth;\n  below = lips;');
export const mouthFragment = (span: { x: number; above: number; below: number }): string => `
precision highp float;
in vec2 at;
in vec4 inside; // x from the middle, y from the upper and from the lower biting edge, openness.
in vec2 below; // From the upper lip downwards, from the lower lip upwards.
uniform sampler2D picture;
uniform sampler2D rows;
uniform vec3 light;
uniform vec3 flesh;
uniform float shade;
out vec4 colour;
${STYLED}
vec4 row(float down, float first) {
  float v = clamp(down / ${(span.above + span.below).toFixed(4)}, 0.01, 0.99);
  vec4 tooth = texture(rows, vec2(inside.x / ${(2 * span.x).toFixed(4)} + 0.5, 0.5 * (v + first)));
  float within = step(0.0, down) * step(down, ${(span.above + span.below).toFixed(4)}) * step(abs(inside.x), ${span.x.toFixed(4)});
  return vec4(tooth.rgb, tooth.a * within);
}
void main() {
  float gap = below.x + below.y;
  float lit = smoothstep(-0.01, 0.07, below.x) * mix(0.3, 1.0, smoothstep(0.03, 0.14, gap));
  vec3 inner = flesh * light * mix(0.05, 0.11, smoothstep(0.12, 0.0, below.y));
  float tongue = 1.0 - length(vec2(inside.x / 0.16, (inside.z - 0.03) / 0.085));
  inner = mix(inner, flesh * light * 0.22, smoothstep(0.0, 0.9, tongue) * smoothstep(0.05, 0.2, below.x));
  vec4 lower = row(inside.z + ${span.below.toFixed(4)}, 1.0);
  inner = mix(inner, lower.rgb * light * mix(0.16, 0.78, lit) * (1.0 - 4.0 * inside.x * inside.x) * mix(0.75, 1.0, smoothstep(0.0, 0.03, below.y)), lower.a);
  vec4 upper = row(inside.y + ${span.above.toFixed(4)}, 0.0);
  inner = mix(inner, upper.rgb * light * (1.0 - 4.0 * inside.x * inside.x) * mix(0.25, 0.72, smoothstep(0.0, 0.03, below.x) * mix(0.35, 1.0, smoothstep(0.03, 0.12, gap))), upper.a);
  inner *= shade;
  // Lips throw a soft shadow on what is behind them.
  inner *= mix(0.55, 1.0, smoothstep(0.0, 0.02, min(below.x, below.y + 0.008)));
  colour = vec4(styled(mix(texture(picture, at).rgb, inner, inside.w)), 1.0);
}`;

/** A soft edge of lips and lids over what they open to. \`edge\` = cover and how much of it is lash. */
export const EDGE_VERTEX = VERTEX.replace('in vec2 texel;', 'in vec2 texel;\nin vec2 edge;\nout vec2 soft;').replace(
  'at = texel;',
  'at = texel;\n  soft = edge;',
);
export const EDGE_FRAGMENT = `
precision highp float;
in vec2 at;
in vec2 soft;
uniform sampler2D picture;
uniform vec3 lash;
out vec4 colour;
${STYLED}
void main() { colour = vec4(styled(mix(texture(picture, at).rgb, lash, soft.y)), soft.x); }`;

/** A lid's skin. */
export const LID_VERTEX = VERTEX.replace('in vec2 texel;', 'in vec3 skin;\nin float cover;\nout vec4 painted;')
  .replace('out vec2 at;\n', '')
  .replace('at = texel;', 'painted = vec4(skin, cover);');
export const LID_FRAGMENT = `
precision highp float;
in vec4 painted;
out vec4 colour;
${STYLED}
void main() { colour = vec4(styled(painted.rgb), painted.a); }`;
