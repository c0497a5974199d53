export type { FaceServer } from './face-server.ts';
export { faceServerSettings } from './face-servers-config.ts';
export { createFilmMaker } from './film-maker.ts';
