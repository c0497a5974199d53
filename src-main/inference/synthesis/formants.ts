/** The two lowest resonances of the mouth, Hz. */
export interface Formants {
  first: number;
  second: number;
}

/** Two resonances need four poles; the others take what lies above and the slope. */
const ORDER = 10;
/** Above this nothing tells vowels apart. */
const BAND_HZ = 4000;
const STEP_HZ = 20;
const CLEARLY_DB = 8;

/**
 * First and second formant of a voiced sound by selective linear prediction (Makhoul, 1975) of the part below 4 kHz.
 * `power`: |X[k]|² for k = 0 … size/2. Where fewer than two peaks stand out the usual places of a neutral vowel are given.
 */
export function findFormants(power: Float64Array, sampleRateHz: number): Formants {
  const peaks = envelopePeaks(power, sampleRateHz);
  const first = peaks.find(({ hz }) => hz >= 200 && hz <= 1000)?.hz ?? 500;
  const above = peaks.filter(({ hz }) => hz > Math.max(first + 180, 650) && hz <= 2900);
  // Between the formants of "i" lies a hollow in which any ripple makes a peak; a formant is no weaker than the one above it.
  const second = above.find(({ level }) => above.every((other) => other.level < level + CLEARLY_DB))?.hz;
  return { first, second: second ?? (first < 450 ? 900 : 1500) };
}

/** Peaks of the spectral envelope below 4 kHz, from low to high; `level` in dB, above nothing in particular. */
export function envelopePeaks(power: Float64Array, sampleRateHz: number): { hz: number; level: number }[] {
  const size = (power.length - 1) * 2;
  const bins = Math.round((BAND_HZ / sampleRateHz) * size);
  const filter = predictionFilter(autocorrelation(power, bins));
  const levels = responseLevels(filter);
  const peaks: { hz: number; level: number }[] = [];
  for (let index = 1; index + 1 < levels.length; index += 1) {
    const [left = 0, middle = 0, right = 0] = levels.subarray(index - 1, index + 2);
    if (middle > left && middle >= right) peaks.push({ hz: (index + vertexOf(left, middle, right)) * STEP_HZ, level: middle });
  }
  return peaks;
}

/** Of the pre-emphasised band `0..bins`, as if it were the whole spectrum of a sound of twice its width. */
function autocorrelation(power: Float64Array, bins: number): Float64Array {
  const result = new Float64Array(ORDER + 1);
  const cosines = cosineTable(bins);
  for (let bin = 1; bin <= bins; bin += 1) {
    const row = bin * (ORDER + 1);
    // |1 - 0.94 e^-iw|²: voices fall by 6 dB an octave, formants stand out without that.
    const emphasised = (power[bin] ?? 0) * (1 + 0.94 ** 2 - 2 * 0.94 * (cosines[row + 1] ?? 0));
    for (let lag = 0; lag <= ORDER; lag += 1) result[lag] = (result[lag] ?? 0) + emphasised * (cosines[row + lag] ?? 0);
  }
  // A floor of white noise, 50 dB below, keeps the recursion from inventing sharp peaks.
  result[0] = (result[0] ?? 0) * (1 + 1e-5) + 1e-12;
  return result;
}

/** Levinson-Durbin. */
function predictionFilter(correlation: Float64Array): Float64Array {
  const filter = new Float64Array(ORDER + 1);
  filter[0] = 1;
  let error = correlation[0] ?? 1;
  for (let order = 1; order <= ORDER; order += 1) {
    let sum = 0;
    for (let index = 0; index < order; index += 1) sum += (filter[index] ?? 0) * (correlation[order - index] ?? 0);
    const reflection = -sum / error;
    const former = filter.slice();
    for (let index = 1; index <= order; index += 1) filter[index] = (former[index] ?? 0) + reflection * (former[order - index] ?? 0);
    error *= 1 - reflection * reflection;
  }
  return filter;
}

/** dB of what the filter takes away, each `STEP_HZ`, turned round. */
function responseLevels(filter: Float64Array): Float64Array {
  // |A|² is a sum of cosines whose weights are the filter's own correlation.
  const weights = Float64Array.from({ length: ORDER + 1 }, (_, lag) => {
    let sum = 0;
    for (let at = lag; at <= ORDER; at += 1) sum += (filter[at] ?? 0) * (filter[at - lag] ?? 0);
    return lag === 0 ? sum : 2 * sum;
  });
  const points = BAND_HZ / STEP_HZ;
  const cosines = cosineTable(points);
  return Float64Array.from({ length: points }, (_, point) => {
    let sum = 1e-12;
    for (let lag = 0; lag <= ORDER; lag += 1) sum += (weights[lag] ?? 0) * (cosines[point * (ORDER + 1) + lag] ?? 0);
    return -10 * Math.log10(Math.max(1e-12, sum));
  });
}

const tables = new Map<number, Float64Array>();

/** cos(π · point / points · lag) for the points 0 … `points`, each `ORDER + 1` of them. */
function cosineTable(points: number): Float64Array {
  const known = tables.get(points);
  if (known) return known;
  const table = Float64Array.from({ length: (points + 1) * (ORDER + 1) }, (_, index) =>
    Math.cos((Math.PI * Math.floor(index / (ORDER + 1)) * (index % (ORDER + 1))) / points),
  );
  tables.set(points, table);
  return table;
}

/** Where the parabola through three points at -1, 0, 1 has its top. */
function vertexOf(left: number, middle: number, right: number): number {
  const curvature = left - 2 * middle + right;
  return curvature === 0 ? 0 : (0.5 * (left - right)) / curvature;
}
