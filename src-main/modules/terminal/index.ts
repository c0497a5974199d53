export { askAloud, askInWriting, type TerminalExchange } from './exchange.ts';
export { openHeadlessPage, type HeadlessPage, type HeadlessPageDeps } from './headless-page.ts';
export type { Microphone } from './microphone.ts';
export type { PlayedPiece, Speaker } from './speaker.ts';
export { exchangeJson, exchangeText, soundFile } from './talk-report.ts';
