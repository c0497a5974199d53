/** Changes the sample rate of a mono stream; keeps its state from chunk to chunk. */
export interface Resampler {
  /** Takes the next samples, returns what is ready. Output sample n lies at the time of input sample n·from/to: no delay is added. */
  push(samples: Float32Array): Float32Array;
  /** The stream is over: returns the rest and forgets everything, ready for the next stream. */
  flush(): Float32Array;
}

/** Zero crossings of the filter on each side, counted at the lower of the two rates. More = steeper edge and more work. */
const ZERO_CROSSINGS = 32;
/** Kaiser window for about 90 dB of damping. */
const KAISER_BETA = 9;
/** -6 dB point as a share of the lower rate's half; the edge is over at that half, so nothing above folds back. */
const CUTOFF = 0.91;

/**
 * Polyphase windowed-sinc resampler for any pair of whole rates. Up to 0.82 of the lower half-rate nothing is lost (±0.01 dB), images and aliases
 * are damped by more than 80 dB.
 */
export function createResampler(fromHz: number, toHz: number): Resampler {
  if (!Number.isInteger(fromHz) || !Number.isInteger(toHz) || fromHz <= 0 || toHz <= 0)
    throw new RangeError(`Sample rates must be positive whole numbers, not ${fromHz} and ${toHz}.`);
  if (fromHz === toHz) return { push: (samples) => samples.slice(), flush: () => new Float32Array(0) };

  const divisor = greatestCommonDivisor(fromHz, toHz);
  /** Output time advances `down` steps of a grid on which input samples lie `up` apart. */
  const up = toHz / divisor;
  const down = fromHz / divisor;
  const bank = knownFilterBank(up, down);

  /** Input samples still needed, oldest first; index 0 is `firstInput` on the input's count. */
  let held: Float32Array = new Float32Array(bank.reach);
  let heldLength = bank.reach;
  let firstInput = -bank.reach;
  let pushed = 0;
  let produced = 0;

  const append = (samples: Float32Array): void => {
    if (heldLength + samples.length > held.length) {
      const grown = new Float32Array(Math.max(held.length * 2, heldLength + samples.length));
      grown.set(held.subarray(0, heldLength));
      held = grown;
    }
    held.set(samples, heldLength);
    heldLength += samples.length;
  };

  const produce = (limit: number): Float32Array => {
    const lastInput = firstInput + heldLength - 1;
    const ready = Math.floor(((lastInput - bank.reach + 1) * up - 1) / down) + 1;
    const count = Math.max(0, Math.min(ready, limit) - produced);
    const output = new Float32Array(count);
    for (let index = 0; index < count; index += 1) {
      const gridPosition = (produced + index) * down;
      const center = Math.floor(gridPosition / up);
      output[index] = dot(held, center - bank.reach + 1 - firstInput, bank.taps, (gridPosition - center * up) * bank.width, bank.width);
    }
    produced += count;
    const oldestNeeded = Math.floor((produced * down) / up) - bank.reach + 1;
    const surplus = Math.min(heldLength, oldestNeeded - firstInput);
    if (surplus > 0) {
      held.copyWithin(0, surplus, heldLength);
      heldLength -= surplus;
      firstInput += surplus;
    }
    return output;
  };

  return {
    push(samples) {
      append(samples);
      pushed += samples.length;
      return produce(Number.POSITIVE_INFINITY);
    },
    flush() {
      append(new Float32Array(bank.reach + 1));
      const rest = produce(Math.ceil((pushed * up) / down));
      held.fill(0);
      heldLength = bank.reach;
      firstInput = -bank.reach;
      pushed = 0;
      produced = 0;
      return rest;
    },
  };
}

/** Resamples a whole sound at once. */
export function resample(samples: Float32Array, fromHz: number, toHz: number): Float32Array {
  const resampler = createResampler(fromHz, toHz);
  const body = resampler.push(samples);
  const rest = resampler.flush();
  const output = new Float32Array(body.length + rest.length);
  output.set(body);
  output.set(rest, body.length);
  return output;
}

interface FilterBank {
  /** `width` taps for each of the `up` phases, one phase after the other. */
  taps: Float32Array;
  width: number;
  /** Input samples used on each side of an output sample. */
  reach: number;
}

/** A bank takes milliseconds to make, which a loop that paces sound does not have; there are few pairs of rates. Read only. */
const banks = new Map<string, FilterBank>();
const MAX_BANKS = 16;

function knownFilterBank(up: number, down: number): FilterBank {
  const key = `${up}/${down}`;
  const known = banks.get(key);
  if (known) return known;
  const bank = filterBank(up, down);
  if (banks.size >= MAX_BANKS) banks.clear();
  banks.set(key, bank);
  return bank;
}

function filterBank(up: number, down: number): FilterBank {
  // Going down, the filter must be as wide as the new rate is slow.
  const scale = Math.min(1, up / down);
  const reach = Math.ceil(ZERO_CROSSINGS / scale);
  const width = reach * 2;
  const taps = new Float32Array(up * width);
  for (let phase = 0; phase < up; phase += 1) {
    let sum = 0;
    for (let tap = 0; tap < width; tap += 1) {
      const distance = tap - reach + 1 - phase / up;
      const value = sinc(distance * scale * CUTOFF) * kaiser(distance / reach);
      taps[phase * width + tap] = value;
      sum += value;
    }
    // Each phase passes a constant unchanged; otherwise the phases would hum.
    for (let tap = 0; tap < width; tap += 1) taps[phase * width + tap] = (taps[phase * width + tap] ?? 0) / sum;
  }
  return { taps, width, reach };
}

function dot(samples: Float32Array, start: number, taps: Float32Array, tapStart: number, width: number): number {
  let sum = 0;
  for (let index = 0; index < width; index += 1) sum += (samples[start + index] ?? 0) * (taps[tapStart + index] ?? 0);
  return sum;
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

function kaiser(position: number): number {
  return Math.abs(position) >= 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - position * position)) / besselI0(KAISER_BETA);
}

/** Modified Bessel function of the first kind, order 0, by its power series. */
function besselI0(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > sum * 1e-12; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
