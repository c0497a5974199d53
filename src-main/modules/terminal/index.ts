export { askAloud, askInWriting, type TerminalExchange } from './exchange.ts';
export { openHeadlessPage, type HeadlessPage } from './headless-page.ts';
export type { PlayedPiece } from './speaker.ts';
export { checkAnswerPath, readQuestion, writeAnswer } from './talk-files.ts';
export { parseTalkOptions, talkHelp, type TalkOptions } from './talk-options.ts';
export { exchangeJson, exchangeText, soundFile } from './talk-report.ts';
export { runPhoneCommand } from './phone-command.ts';
