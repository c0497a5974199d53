/**
 * Changes the rate of a stream of mono samples without clicks at the seams: a windowed-sinc low-pass in polyphase form that keeps its state
 * from block to block. About 80 dB of stop band; delays by {@link ZERO_CROSSINGS} samples of the slower side (2 ms at 16 kHz).
 * Reading and pushing allocate nothing once the buffer has grown to its working size: it runs on the audio thread.
 */
export interface Resampler {
  /** Takes samples at the input rate, all or from `start` to `end`. */
  push(samples: Float32Array, start?: number, end?: number): void;
  /** How many samples at the output rate can be read now. */
  available(): number;
  /** Writes up to `count` samples into `output` from `offset` on; returns how many. */
  read(output: Float32Array, offset: number, count: number): number;
  /** Pushes silence behind the last sample, so that all of it can be read. */
  flush(): void;
}

const ZERO_CROSSINGS = 32;
/** Where the filter's edge lies, as a share of the slower side's half rate. */
const EDGE = 0.93;
const KAISER_BETA = 8;

export function createResampler(inputRateHz: number, outputRateHz: number): Resampler {
  const divisor = greatestCommonDivisor(inputRateHz, outputRateHz);
  const up = outputRateHz / divisor;
  const down = inputRateHz / divisor;
  const passThrough = up === down;
  const taps = passThrough ? 1 : 2 * Math.ceil(ZERO_CROSSINGS / Math.min(1, up / down));
  const kernels = passThrough ? new Float32Array([1]) : polyphaseKernels(up, down, taps);

  let buffer = new Float32Array(8192);
  /** The window of the next output sample begins at `start`; silence stands in for what was before the first sample. */
  let start = 0;
  let end = Math.max(0, taps / 2 - 1) | 0;
  let phase = 0;

  const makeRoom = (count: number): void => {
    if (end + count <= buffer.length) return;
    const held = end - start;
    if (held + count <= buffer.length) buffer.copyWithin(0, start, end);
    else {
      const larger = new Float32Array(2 ** Math.ceil(Math.log2(held + count)));
      larger.set(buffer.subarray(start, end));
      buffer = larger;
    }
    start = 0;
    end = held;
  };

  const available = (): number => Math.max(0, Math.ceil(((end - start - taps + 1) * up - phase) / down));

  return {
    push(samples, from = 0, to = samples.length) {
      makeRoom(to - from);
      buffer.set(from === 0 && to === samples.length ? samples : samples.subarray(from, to), end);
      end += to - from;
    },
    available,
    read(output, offset, count) {
      const readable = Math.min(count, available());
      for (let index = 0; index < readable; index += 1) {
        const kernel = phase * taps;
        let sum = 0;
        for (let tap = 0; tap < taps; tap += 1) sum += (buffer[start + tap] ?? 0) * (kernels[kernel + tap] ?? 0);
        output[offset + index] = sum;
        phase += down;
        start += Math.floor(phase / up);
        phase %= up;
      }
      return readable;
    },
    flush() {
      const silence = Math.floor(taps / 2);
      makeRoom(silence);
      buffer.fill(0, end, end + silence);
      end += silence;
    },
  };
}

/** One kernel of `taps` weights for each of `up` sub-sample positions; each sums to 1, so that a steady level stays what it is. */
function polyphaseKernels(up: number, down: number, taps: number): Float32Array {
  const kernels = new Float32Array(up * taps);
  const cutoff = Math.min(1, up / down) * EDGE;
  const half = taps / 2;
  const weights = new Float64Array(taps);
  for (let phase = 0; phase < up; phase += 1) {
    let sum = 0;
    for (let tap = 0; tap < taps; tap += 1) {
      const distance = tap - (half - 1) - phase / up;
      const weight = sinc(distance * cutoff) * kaiser(distance / half);
      weights[tap] = weight;
      sum += weight;
    }
    for (let tap = 0; tap < taps; tap += 1) kernels[phase * taps + tap] = (weights[tap] ?? 0) / sum;
  }
  return kernels;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser window over -1..1. */
function kaiser(x: number): number {
  return Math.abs(x) > 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / besselI0(KAISER_BETA);
}

function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
