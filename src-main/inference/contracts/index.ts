export * from './language-model.ts';
export * from './language-worker.ts';
export * from './recognition-worker.ts';
export * from './speech-recognizer.ts';
export * from './speech-synthesizer.ts';
export * from './synthesis-worker.ts';
export * from './turn-detector.ts';
export * from './voice-activity.ts';
