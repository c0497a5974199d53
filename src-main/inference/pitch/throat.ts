/*
 * The throat and mouth as a filter: linear prediction in lattice form, which may change from sample to sample and stays stable
 * (Markel & Gray, Linear Prediction of Speech, 1976).
 */

/** Reflection coefficients, each between -1 and 1. */
export type Throat = Float64Array;

/** Bandwidth by which sharp peaks are widened, Hz: a high voice has so few partials that single ones would pass for formants. */
const SMOOTHING_HZ = 50;
const ENVELOPE_POINTS = 256;

/** About one pair of poles for each kilohertz, and some for the slope. */
export function throatOrder(sampleRateHz: number): number {
  return Math.min(30, 2 * Math.round(sampleRateHz / 2000) + 2);
}

/** Finds the throat in windows of one length. */
export function createThroatFinder(sampleRateHz: number, windowSamples: number): (window: Float32Array) => Throat {
  const order = throatOrder(sampleRateHz);
  const taper = Float64Array.from({ length: windowSamples }, (_, at) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (at + 0.5)) / windowSamples));
  const lagWindow = Float64Array.from({ length: order + 1 }, (_, lag) =>
    Math.exp(-0.5 * ((2 * Math.PI * SMOOTHING_HZ * lag) / sampleRateHz) ** 2),
  );
  const tapered = new Float64Array(windowSamples);
  return (window) => {
    for (let at = 0; at < windowSamples; at += 1) tapered[at] = (window[at] ?? 0) * (taper[at] ?? 0);
    const correlation = new Float64Array(order + 1);
    for (let lag = 0; lag <= order; lag += 1) {
      let sum = 0;
      for (let at = lag; at < windowSamples; at += 1) sum += (tapered[at] ?? 0) * (tapered[at - lag] ?? 0);
      correlation[lag] = sum * (lagWindow[lag] ?? 1);
    }
    return reflections(correlation);
  };
}

/** The same throat with all resonances moved by a factor: below 1 a larger throat, above 1 a smaller one. */
export function createThroatScaler(order: number, factor: number): (throat: Throat) => Throat {
  const angles = Float64Array.from({ length: ENVELOPE_POINTS }, (_, point) => (Math.PI * (point + 0.5)) / ENVELOPE_POINTS);
  const here = cosineTable(order, angles);
  const there = cosineTable(
    order,
    angles.map((angle) => Math.min(Math.PI, angle / factor)),
  );
  const shape = new Float64Array(order + 1);
  return (throat) => {
    const filter = predictor(throat);
    // |A|² is a sum of cosines whose weights are the filter's own correlation.
    for (let lag = 0; lag <= order; lag += 1) {
      let sum = 0;
      for (let at = lag; at <= order; at += 1) sum += (filter[at] ?? 0) * (filter[at - lag] ?? 0);
      shape[lag] = lag === 0 ? sum : 2 * sum;
    }
    const correlation = new Float64Array(order + 1);
    for (let point = 0; point < ENVELOPE_POINTS; point += 1) {
      const row = point * (order + 1);
      let inverse = 1e-9;
      for (let lag = 0; lag <= order; lag += 1) inverse += (shape[lag] ?? 0) * (there[row + lag] ?? 0);
      for (let lag = 0; lag <= order; lag += 1)
        correlation[lag] = (correlation[lag] ?? 0) + (here[row + lag] ?? 0) / Math.max(1e-9, inverse);
    }
    return reflections(correlation);
  };
}

/** cos(angle · lag), `order + 1` of them for each angle. */
function cosineTable(order: number, angles: Float64Array): Float64Array {
  return Float64Array.from({ length: angles.length * (order + 1) }, (_, index) =>
    Math.cos((angles[Math.floor(index / (order + 1))] ?? 0) * (index % (order + 1))),
  );
}

/** Takes the throat out of a voice, and puts one in again. */
export interface Lattice {
  /** One sample without the throat. */
  remove(sample: number, throat: Throat): number;
  /** One sample with it. A lattice does one of the two. */
  apply(sample: number, throat: Throat): number;
}

export function createLattice(order: number): Lattice {
  const backward = new Float64Array(order + 1);
  return {
    remove(sample, throat) {
      let forward = sample;
      let arriving = sample;
      for (let stage = 0; stage < order; stage += 1) {
        const reflection = throat[stage] ?? 0;
        const delayed = backward[stage] ?? 0;
        backward[stage] = arriving;
        arriving = delayed + reflection * forward;
        forward += reflection * delayed;
      }
      return forward;
    },
    apply(sample, throat) {
      let forward = sample;
      for (let stage = order - 1; stage >= 0; stage -= 1) {
        const reflection = throat[stage] ?? 0;
        const delayed = backward[stage] ?? 0;
        forward -= reflection * delayed;
        backward[stage + 1] = delayed + reflection * forward;
      }
      backward[0] = forward;
      return forward;
    },
  };
}

/** Levinson-Durbin, kept at its reflection coefficients. Silence gives a throat that does nothing. */
function reflections(correlation: Float64Array): Throat {
  const order = correlation.length - 1;
  const result = new Float64Array(order);
  let filter = new Float64Array(order + 1);
  filter[0] = 1;
  let error = (correlation[0] ?? 0) * (1 + 1e-6);
  if (!(error > 1e-9)) return result;
  for (let stage = 1; stage <= order; stage += 1) {
    let sum = 0;
    for (let at = 0; at < stage; at += 1) sum += (filter[at] ?? 0) * (correlation[stage - at] ?? 0);
    const reflection = Math.max(-0.999, Math.min(0.999, -sum / error));
    result[stage - 1] = reflection;
    filter = stepUp(filter, stage, reflection);
    error *= 1 - reflection * reflection;
  }
  return result;
}

function stepUp(filter: Float64Array, stage: number, reflection: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(filter);
  for (let at = 1; at <= stage; at += 1) next[at] = (filter[at] ?? 0) + reflection * (filter[stage - at] ?? 0);
  return next;
}

function predictor(throat: Throat): Float64Array {
  let filter = new Float64Array(throat.length + 1);
  filter[0] = 1;
  for (const [index, reflection] of throat.entries()) filter = stepUp(filter, index + 1, reflection);
  return filter;
}
