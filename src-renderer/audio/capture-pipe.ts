import { createLevelGauge, type Level } from './level.ts';
import { createResampler } from './resampler.ts';

/** What recognition takes; see `CaptureMessage` of the contract. */
export const CAPTURE_RATE_HZ = 16_000;
/** 20 ms: short enough not to be felt, long enough not to flood the port. */
const BLOCK_SAMPLES = 320;

/** Turns what a microphone delivers (any rate, any channels, any block size) into 20 ms blocks of 16 kHz mono. */
export function createCapturePipe(options: {
  inputRateHz: number;
  onBlock: (samples: Float32Array) => void;
  /** Every 40 ms. */
  onLevel: (level: Level) => void;
}): (channels: readonly Float32Array[]) => void {
  const resampler = createResampler(options.inputRateHz, CAPTURE_RATE_HZ);
  const gauge = createLevelGauge(2 * BLOCK_SAMPLES, options.onLevel);
  let mono = new Float32Array(128);
  return (channels) => {
    const length = channels[0]?.length ?? 0;
    if (length !== mono.length) mono = new Float32Array(length);
    mixDown(channels, mono);
    resampler.push(mono);
    while (resampler.available() >= BLOCK_SAMPLES) {
      const block = new Float32Array(BLOCK_SAMPLES);
      resampler.read(block, 0, BLOCK_SAMPLES);
      gauge(block);
      options.onBlock(block);
    }
  };
}

function mixDown(channels: readonly Float32Array[], mono: Float32Array): void {
  mono.fill(0);
  for (const channel of channels) {
    for (let index = 0; index < mono.length; index += 1) mono[index] = (mono[index] ?? 0) + (channel[index] ?? 0) / channels.length;
  }
}
