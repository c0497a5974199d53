export { codeOf, diskFull, engineError, failed, noImage, notAnswering, statusOf } from './docker-errors.ts';
export { endContainerProcesses } from './end-processes.ts';
export { findEngine, type Engine } from './engine.ts';
export { createPinnedImage, type PinnedImage } from './pinned-image.ts';
