export { joinSamples } from './join-samples.ts';
export { levelDecibels, quietestPosition, rootMeanSquare, sanitizeSamples } from './level.ts';
export { createResampler, resample, type Resampler } from './resampler.ts';
export { decodeWav, openWavFile, readWavFile } from './wav-reader.ts';
export { encodeWav, writeWavFile } from './wav-writer.ts';
