export { fetchClip } from './fetch-clip.ts';
export { fetchSample } from './fetch-sample.ts';
export { startLiveClip, type LiveClip, type LiveClipOptions } from './live-clip.ts';
export { recordPreview } from './record-preview.ts';
