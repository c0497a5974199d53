import { AppError, type ErrorData } from '../../base/errors.ts';

/*
 * Every code that telephony raises, with its English sentence. `{name}` is filled from the details. The window translates by code.
 */
const phoneSentences = {
  'phone.not-ready': 'The telephone is not running. Set it up in the settings under Phone, or wait until it has started.',
  'phone.control-lost': 'The connection to the exchange is lost. It is being tried again by itself.',
  'phone.engine-lost': 'The exchange stopped in the middle of a call, and the call was cut off. Call back if something was left open.',
  'phone.refused': 'The exchange has refused that ({status}): {problem}',
  'phone.no-call': 'This call is over.',
  'phone.not-now': 'That is not possible while the call is like this ({state}).',
  'phone.bad-number': '{number} is not a telephone number that can be called. Look at the digits, and at the country in the settings.',
  'phone.emergency-refused':
    'The assistant never calls emergency numbers. In an emergency call {number} yourself, on a phone that knows where you are.',
  'phone.emergency-transfer':
    'Calls are not handed on to emergency numbers. In an emergency call {number} yourself, on a phone that knows where you are.',
  'phone.emergency-call':
    'An emergency centre ({number}) is in this call: it is neither handed on nor given to the assistant. Stay on the line yourself.',
  'phone.no-way-out': 'There is no way to the telephone network. Add a trunk in the settings under Phone, and wait until it is registered.',
  'phone.busy-here': 'There are as many calls as may be at once. End one of them first.',
  'phone.limit': 'The assistant has placed as many calls as it may in an hour. Wait, or change the limit in the settings under Phone.',
  'phone.no-softphone':
    'The telephone of this window is not connected, so you would hear nothing. Wait a moment, or look at the settings under Phone.',
  'phone.no-sound-here':
    'Your telephone did not answer, so the call goes on as before. Look whether the microphone is allowed, then try again.',
  'phone.no-assistant': 'The assistant cannot speak in this call: its sound did not come up. Try once more, or speak yourself.',
  'phone.one-way-sound': 'No sound comes from the other end. It may be switched off there, or a firewall holds it back.',
  'phone.no-microphone': 'Your microphone brings no sound into the call. Look whether it is muted or used by another program.',
  'phone.sound-gaps': 'The sound has gaps: the connection loses or delays it.',
  'phone.softphone-elsewhere': 'Another page of yours is the telephone. Take it over in this one, or go there.',
  'phone.softphone-in-call': 'Another page of yours is on the telephone. Hang up there first.',
  'phone.softphone-late':
    'This page has not signed in as a telephone. Load it anew (the window: close it and open it again), then try once more; npm run phone -- doctor says more.',
  'phone.softphone-absent':
    'No page on this computer has become the telephone: calls are spoken where OpenClaw Desktop runs. Open its page there, at 127.0.0.1 or localhost, then try again.',
  'phone.softphone-unknown':
    'Your Asterisk knows no telephone 1000, which is this page. Put the lines for pjsip.conf from “Show the dialplan” into it, reload it, then try again.',
  'phone.softphone-remote':
    'Your Asterisk is not at 127.0.0.1, and a page speaks through one on this computer alone. If it runs here, connect it at that address; else the assistant speaks in calls, and you cannot.',
  'phone.test-call-failed': 'The test call did not come about: {problem} Try again; npm run phone -- doctor says more.',
  'phone.test-call-silent':
    'The test call came about, and no sound arrived. A firewall on this computer may hold back what the exchange sends to 127.0.0.1: allow it, then try again.',
  'phone.transfer-failed': 'Nobody answered at {number}, so the call was not handed on.',
  'phone.recording-failed': 'This call is not recorded: the other end could not be told so, or the sound could not be written.',
  'phone.recording-runs-on':
    'The recording of this call could not be stopped. It runs on until the call ends, and is thrown away then. Hang up if nothing may be recorded.',
  'phone.recordings-unknown':
    'Which recordings of calls were never told of cannot be read ({file}). What had not been fetched from the exchange before this start is therefore thrown away.',
  'phone.not-allowed': 'Programs may not do that with calls; only the owner in the window may.',
  'phone.bad-configuration': 'Asterisk does not accept this configuration: {problem}. The one before stays in force.',
  'phone.no-trunk': 'There is no such trunk any more.',
  'phone.no-mobile': 'There is no such phone any more.',
  'phone.no-contact': 'There is no such entry in the phone book any more.',
  'phone.too-many-mobiles': 'There are as many phones as there can be. Remove one first.',
  'phone.unknown-contact': 'There is nobody called {name} in the phone book. Say the number, or add them.',
  'phone.ambiguous-contact': '{name} fits several entries of the phone book: {names}. Say which one.',
  'phone.no-pin': 'No PIN is set.',
  'phone.existing-refused': 'The Asterisk at {url} does not let this user in. Look at its ari.conf and at the password.',
  'phone.existing-unreachable':
    'The Asterisk at {url} does not answer. Look at the address, and whether its http.conf and ari.conf are enabled.',
  'phone.trunk-rejected': 'The provider refuses to register {name}. Look at user name and password.',
  'phone.trunk-unreachable': 'The provider of {name} does not answer. Look at the host name and at the internet connection.',
  'phone.file-damaged':
    'The file with phone book and trunks was damaged and is kept aside as {file}. Enter them again, or put a copy in its place.',
  'phone.file-unreadable': 'The file with phone book and trunks ({file}) cannot be read. Make it readable, then start again.',
  'phone.file-not-written': 'Phone book and trunks could not be written ({file}); all is as before. Free some space on the disk.',
} as const;
export type PhoneErrorCode = keyof typeof phoneSentences;

/** The sentence with its blanks filled. */
export function phoneReason(code: PhoneErrorCode, details: Record<string, string | number> = {}): ErrorData {
  const message = phoneSentences[code].replaceAll(/\{([a-zA-Z]+)\}/g, (blank, name: string) => String(details[name] ?? blank));
  return { code, message, details };
}

export function phoneError(code: PhoneErrorCode, details: Record<string, string | number> = {}, cause?: unknown): AppError {
  const { message } = phoneReason(code, details);
  return new AppError(code, message, { details, ...(cause === undefined ? {} : { cause }) });
}
