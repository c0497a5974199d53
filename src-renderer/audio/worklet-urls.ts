// Vite bundles each worklet into a file of its own and makes its address the default export, which the linter cannot see.
// oxlint-disable-next-line import/default
import captureWorkletUrl from './capture.worklet.ts?worker&url';
// oxlint-disable-next-line import/default
import playbackWorkletUrl from './playback.worklet.ts?worker&url';

export { captureWorkletUrl, playbackWorkletUrl };
