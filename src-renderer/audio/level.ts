/** Loudness over a short stretch of sound. */
export interface Level {
  /** Root mean square, 0..1. */
  rms: number;
  /** Largest sample, 0..1; 1 = clipped. */
  peak: number;
}

/** Gathers loudness from blocks of any size and hands it on every `intervalSamples`. */
export function createLevelGauge(intervalSamples: number, onLevel: (level: Level) => void): (samples: Float32Array) => void {
  let squares = 0;
  let peak = 0;
  let count = 0;
  return (samples) => {
    for (const sample of samples) {
      squares += sample * sample;
      peak = Math.max(peak, Math.abs(sample));
    }
    count += samples.length;
    if (count < intervalSamples) return;
    onLevel({ rms: Math.sqrt(squares / count), peak });
    squares = 0;
    peak = 0;
    count = 0;
  };
}

const QUIET_DECIBEL = -54;
const LOUD_DECIBEL = -14;

/** Loudness on the scale that the ring and the meter draw: 0 = a quiet room, 1 = loud speech; in between by ear, not by amplitude. */
export function meterValue(rms: number): number {
  const decibel = 20 * Math.log10(Math.max(rms, 1e-6));
  return Math.max(0, Math.min(1, (decibel - QUIET_DECIBEL) / (LOUD_DECIBEL - QUIET_DECIBEL)));
}
