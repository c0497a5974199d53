export { nearestPreset } from './nearest-preset.ts';
export { readVoiceSample } from './voice-sample.ts';
