export { askAloud, askInWriting, type TerminalExchange } from './exchange.ts';
export { openHeadlessPage, type HeadlessPage } from './headless-page.ts';
export type { PlayedPiece } from './speaker.ts';
export { exchangeJson, exchangeText, soundFile } from './talk-report.ts';
