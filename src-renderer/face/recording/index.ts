export { fetchClip } from './fetch-clip.ts';
export type { Recording } from './clip-writer.ts';
export { fetchSample } from './fetch-sample.ts';
export { startLiveClip, type LiveClip, type LiveClipOptions } from './live-clip.ts';
export { recordPreview } from './record-preview.ts';
