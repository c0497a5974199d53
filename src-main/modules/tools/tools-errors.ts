import type { ErrorData } from '../../base/errors.ts';
import { AppError } from '../../base/errors.ts';

/*
 * Every code that this module raises, with its English sentence. `{name}` is filled from the details. The window translates by code.
 */
const toolSentences = {
  'policy.off': 'You have switched this tool off.',
  'policy.owner-asks': 'You want to be asked before this tool is used.',
  'policy.right': 'This needs your word first: it wants to {right}.',
  'policy.tainted': 'This was asked after reading text from outside, and it wants to {right}.',
  'policy.outside-asker': 'This was asked from outside ({channel}), and it wants to {right}.',
  'policy.not-for-outside': 'This was asked from outside ({channel}), where it may not {right}.',
  'policy.absent': 'Nobody was here when this was asked, and it wants to {right}.',
  'policy.high-risk': 'This tool can do harm that is hard to take back.',
  'policy.tool-asks': 'The tool itself asks for your word.',
  'tools.unknown': 'There is no tool called {tool}.',
  'tools.bad-input': '{problem}',
  'tools.off': 'This tool is switched off in the settings.',
  'tools.repeats': 'The same call was made {count} times in one turn; it was not made again.',
  'tools.too-many': 'More than {count} calls in one turn; the rest was not made.',
  'tools.budget': 'This turn has used up what it may spend on tools.',
  'tools.not-recorded': 'The call could not be put on record, so it was not made. Check the disk and the data folder.',
  'tools.too-long-to-show':
    'This is too long to be shown to you whole before you decide ({limit} characters at most), so it was not done. Ask for it in smaller parts.',
  'tools.hidden-characters': 'It contains characters that nobody sees; they are shown as codes.',
  'tools.timeout': 'The tool did not finish within {seconds} seconds and was ended.',
  'tools.cancelled': 'It was cancelled.',
  'tools.interrupted': 'It was ended because you spoke.',
  'tools.failed': 'The tool failed: {problem}',
  'tools.app-ended': 'The app ended while this ran. What it had done by then was not recorded; look before you ask again.',
  'tools.no-call': 'This call is not known any more.',
  'tools.no-undo': 'This cannot be taken back.',
  'tools.undo-changed': 'The file was changed since; taking the call back would destroy that. Look at the file yourself.',
  'tools.no-docker':
    'Commands run in a locked room that needs Docker, and Docker was not found. Install Docker and start it; all other tools work.',
  'tools.no-desktop': 'This needs a desktop, and the app runs here without one.',
  'tools.no-workspace': 'The workspace folder {folder} cannot be used. Choose another one in the settings.',
  'tools.bad-workspace':
    'The folder {folder} must not be the workspace: it holds more than the assistant may see. Choose or make a folder of its own.',
  'tools.outside-workspace': 'The path {path} leads out of the workspace. Only files in the workspace can be used.',
  'tools.protected-file': 'The file {path} may hold keys or passwords and is never opened.',
  'tools.no-file': 'There is no file {path} in the workspace.',
  'tools.not-a-file': '{path} is not a plain file.',
  'tools.not-a-folder': '{path} is not a folder.',
  'tools.file-too-large': '{path} is too large to be read at once ({sizeBytes} bytes).',
  'tools.binary-file': '{path} is not a text file.',
  'tools.file-exists': 'There is a file {path} already. Say that it shall be replaced, or choose another name.',
  'tools.host-not-allowed': 'The address {host} is not on the list of allowed hosts. Add it in the settings under Tools.',
  'tools.private-address': 'The name {host} leads to an address inside the machine or its network, which tools may not reach.',
  'tools.bad-address': 'The address {url} cannot be used: only http and https without a user name.',
  'tools.web-failed': 'The page {host} could not be loaded: {problem}',
  'tools.web-too-large': 'The answer of {host} is larger than {limit} bytes.',
  'tools.no-secret': 'There is no vault for secrets here, so {{secret:…}} cannot be filled in.',
  'tools.secret-needs-tls': 'A secret never goes to {host} over http, where anybody on the way can read it. Use https.',
  'tools.bad-expression': 'This cannot be calculated: {problem}',
  'tools.no-place': 'No place is set. Write it into the settings under Tools.',
  'tools.no-page': 'No page is shared now.',
  'tools.no-timer': 'There is no such timer.',
  'tools.bad-time': 'The time {time} cannot be used: it must lie ahead, within a year.',
  'approval.gone': 'This question was answered already, or its time has run out.',
  'approval.refused': 'You said no.',
  'approval.expired': 'Nobody answered in time, which counts as no.',
  'approval.person-only': 'Only a person in the window answers this question.',
  'approval.not-rememberable': 'This yes cannot be kept: say it each time.',
} as const;
export type ToolErrorCode = keyof typeof toolSentences;

/** The sentence with its blanks filled. */
export function toolReason(code: ToolErrorCode, details: Record<string, string | number> = {}): ErrorData {
  const message = toolSentences[code].replaceAll(/\{([a-zA-Z]+)\}/g, (blank, name: string) => String(details[name] ?? blank));
  return { code, message, details };
}

export function toolError(code: ToolErrorCode, details: Record<string, string | number> = {}, cause?: unknown): AppError {
  const { message } = toolReason(code, details);
  return new AppError(code, message, { details, ...(cause === undefined ? {} : { cause }) });
}
