/** A hum with the rhythm of syllables: loud enough for meters and rings, like speech in level, like nothing in content. */
export function hum(seconds: number, sampleRateHz: number): Float32Array {
  return Float32Array.from({ length: Math.round(seconds * sampleRateHz) }, (_, index) => {
    const time = index / sampleRateHz;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 2.3 * time)) ** 0.6 * (0.6 + 0.4 * Math.sin(2 * Math.PI * 0.37 * time));
    return 0.32 * syllable * (Math.sin(2 * Math.PI * 140 * time) + 0.4 * Math.sin(2 * Math.PI * 420 * time));
  });
}
