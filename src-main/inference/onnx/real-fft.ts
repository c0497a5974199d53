/** Fourier transform of real frames of one fixed length. */
export interface RealFft {
  /** Writes |X[k]|² for k = 0 … size/2 into `power`. `frame`: `size` samples, left unchanged. */
  powerSpectrum(frame: Float64Array, power: Float64Array): void;
}

interface Stage {
  radix: 2 | 4 | 5;
  /** Butterflies in this stage that differ in their twiddle factors. */
  groups: number;
  stride: number;
  /** cos/sin of the twiddle factors, `radix - 1` pairs for each group. */
  cosines: Float64Array;
  sines: Float64Array;
}

const COS_72 = Math.cos((2 * Math.PI) / 5);
const COS_144 = Math.cos((4 * Math.PI) / 5);
const SIN_72 = Math.sin((2 * Math.PI) / 5);
const SIN_144 = Math.sin((4 * Math.PI) / 5);

/**
 * Mixed-radix FFT (2, 4, 5) in self-sorting order; Whisper's window of 400 samples is 2·4·2·5·5, which a power-of-two transform cannot do exactly.
 * Two real samples ride in one complex number, so half the length is transformed.
 */
export function createRealFft(size: number): RealFft {
  const half = size / 2;
  const stages = planStages(half);
  let real = new Float64Array(half);
  let imaginary = new Float64Array(half);
  let nextReal = new Float64Array(half);
  let nextImaginary = new Float64Array(half);
  const unpackCosines = Float64Array.from({ length: half + 1 }, (_, k) => Math.cos((2 * Math.PI * k) / size));
  const unpackSines = Float64Array.from({ length: half + 1 }, (_, k) => Math.sin((2 * Math.PI * k) / size));

  return {
    powerSpectrum(frame, power) {
      for (let index = 0; index < half; index += 1) {
        real[index] = frame[index * 2] ?? 0;
        imaginary[index] = frame[index * 2 + 1] ?? 0;
      }
      for (const stage of stages) {
        butterflies[stage.radix](stage, real, imaginary, nextReal, nextImaginary);
        [real, nextReal] = [nextReal, real];
        [imaginary, nextImaginary] = [nextImaginary, imaginary];
      }
      for (let k = 0; k <= half; k += 1) {
        const forward = k % half;
        const backward = (half - k) % half;
        const evenReal = ((real[forward] ?? 0) + (real[backward] ?? 0)) / 2;
        const evenImaginary = ((imaginary[forward] ?? 0) - (imaginary[backward] ?? 0)) / 2;
        const oddReal = ((imaginary[forward] ?? 0) + (imaginary[backward] ?? 0)) / 2;
        const oddImaginary = ((real[backward] ?? 0) - (real[forward] ?? 0)) / 2;
        const cosine = unpackCosines[k] ?? 0;
        const sine = unpackSines[k] ?? 0;
        const x = evenReal + oddReal * cosine + oddImaginary * sine;
        const y = evenImaginary + oddImaginary * cosine - oddReal * sine;
        power[k] = x * x + y * y;
      }
    },
  };
}

function planStages(length: number): Stage[] {
  const stages: Stage[] = [];
  let remaining = length;
  let stride = 1;
  while (remaining > 1) {
    const radix = ([5, 4, 2] as const).find((candidate) => remaining % candidate === 0);
    if (radix === undefined) throw new RangeError(`An FFT of length ${length * 2} is not supported: only factors 2 and 5.`);
    const groups = remaining / radix;
    const cosines = new Float64Array(groups * (radix - 1));
    const sines = new Float64Array(groups * (radix - 1));
    for (let group = 0; group < groups; group += 1) {
      for (let j = 1; j < radix; j += 1) {
        const angle = (2 * Math.PI * group * j) / remaining;
        cosines[group * (radix - 1) + j - 1] = Math.cos(angle);
        sines[group * (radix - 1) + j - 1] = Math.sin(angle);
      }
    }
    stages.push({ radix, groups, stride, cosines, sines });
    remaining = groups;
    stride *= radix;
  }
  return stages;
}

type Butterfly = (stage: Stage, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array) => void;

const butterflies: Record<Stage['radix'], Butterfly> = { 2: radix2, 4: radix4, 5: radix5 };

function radix2({ groups, stride, cosines, sines }: Stage, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  for (let group = 0; group < groups; group += 1) {
    const c = cosines[group] ?? 0;
    const s = sines[group] ?? 0;
    for (let lane = 0; lane < stride; lane += 1) {
      const a = lane + stride * group;
      const b = a + stride * groups;
      const out = lane + stride * group * 2;
      const ar = xr[a] ?? 0;
      const ai = xi[a] ?? 0;
      const dr = ar - (xr[b] ?? 0);
      const di = ai - (xi[b] ?? 0);
      yr[out] = ar + (xr[b] ?? 0);
      yi[out] = ai + (xi[b] ?? 0);
      yr[out + stride] = dr * c + di * s;
      yi[out + stride] = di * c - dr * s;
    }
  }
}

function radix4({ groups, stride, cosines, sines }: Stage, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const step = stride * groups;
  for (let group = 0; group < groups; group += 1) {
    const twiddle = group * 3;
    for (let lane = 0; lane < stride; lane += 1) {
      const a = lane + stride * group;
      const out = lane + stride * group * 4;
      const ar = xr[a] ?? 0;
      const ai = xi[a] ?? 0;
      const br = xr[a + step] ?? 0;
      const bi = xi[a + step] ?? 0;
      const cr = xr[a + 2 * step] ?? 0;
      const ci = xi[a + 2 * step] ?? 0;
      const dr = xr[a + 3 * step] ?? 0;
      const di = xi[a + 3 * step] ?? 0;
      yr[out] = ar + br + cr + dr;
      yi[out] = ai + bi + ci + di;
      put(yr, yi, out + stride, ar + bi - cr - di, ai - br - ci + dr, cosines[twiddle] ?? 0, sines[twiddle] ?? 0);
      put(yr, yi, out + 2 * stride, ar - br + cr - dr, ai - bi + ci - di, cosines[twiddle + 1] ?? 0, sines[twiddle + 1] ?? 0);
      put(yr, yi, out + 3 * stride, ar - bi - cr + di, ai + br - ci - dr, cosines[twiddle + 2] ?? 0, sines[twiddle + 2] ?? 0);
    }
  }
}

function radix5({ groups, stride, cosines, sines }: Stage, xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array): void {
  const step = stride * groups;
  for (let group = 0; group < groups; group += 1) {
    const twiddle = group * 4;
    for (let lane = 0; lane < stride; lane += 1) {
      const a = lane + stride * group;
      const out = lane + stride * group * 5;
      const ar = xr[a] ?? 0;
      const ai = xi[a] ?? 0;
      const sum14r = (xr[a + step] ?? 0) + (xr[a + 4 * step] ?? 0);
      const sum14i = (xi[a + step] ?? 0) + (xi[a + 4 * step] ?? 0);
      const dif14r = (xr[a + step] ?? 0) - (xr[a + 4 * step] ?? 0);
      const dif14i = (xi[a + step] ?? 0) - (xi[a + 4 * step] ?? 0);
      const sum23r = (xr[a + 2 * step] ?? 0) + (xr[a + 3 * step] ?? 0);
      const sum23i = (xi[a + 2 * step] ?? 0) + (xi[a + 3 * step] ?? 0);
      const dif23r = (xr[a + 2 * step] ?? 0) - (xr[a + 3 * step] ?? 0);
      const dif23i = (xi[a + 2 * step] ?? 0) - (xi[a + 3 * step] ?? 0);
      const p1r = ar + COS_72 * sum14r + COS_144 * sum23r;
      const p1i = ai + COS_72 * sum14i + COS_144 * sum23i;
      const p2r = ar + COS_144 * sum14r + COS_72 * sum23r;
      const p2i = ai + COS_144 * sum14i + COS_72 * sum23i;
      const q1r = SIN_72 * dif14r + SIN_144 * dif23r;
      const q1i = SIN_72 * dif14i + SIN_144 * dif23i;
      const q2r = SIN_144 * dif14r - SIN_72 * dif23r;
      const q2i = SIN_144 * dif14i - SIN_72 * dif23i;
      yr[out] = ar + sum14r + sum23r;
      yi[out] = ai + sum14i + sum23i;
      put(yr, yi, out + stride, p1r + q1i, p1i - q1r, cosines[twiddle] ?? 0, sines[twiddle] ?? 0);
      put(yr, yi, out + 2 * stride, p2r + q2i, p2i - q2r, cosines[twiddle + 1] ?? 0, sines[twiddle + 1] ?? 0);
      put(yr, yi, out + 3 * stride, p2r - q2i, p2i + q2r, cosines[twiddle + 2] ?? 0, sines[twiddle + 2] ?? 0);
      put(yr, yi, out + 4 * stride, p1r - q1i, p1i + q1r, cosines[twiddle + 3] ?? 0, sines[twiddle + 3] ?? 0);
    }
  }
}

/** Stores (r + i·imag) turned back by the twiddle angle. */
function put(yr: Float64Array, yi: Float64Array, at: number, real: number, imaginary: number, cosine: number, sine: number): void {
  yr[at] = real * cosine + imaginary * sine;
  yi[at] = imaginary * cosine - real * sine;
}
