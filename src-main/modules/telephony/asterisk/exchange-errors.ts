import { AppError } from '../../../base/errors.ts';
import { engineError } from '../../../platform/docker/index.ts';

/*
 * What can go wrong with the exchange itself, with its English sentence; `{name}` is filled from the details. The window translates by code.
 */
const sentences = {
  'phone.no-docker':
    'The telephone exchange runs in Docker, and Docker was not found on this computer. Install Docker, start it and try again, or use an Asterisk that is there already.',
  'phone.docker-silent': 'Docker does not answer: {problem} Start it and try again, or use an Asterisk that is there already.',
  'phone.disk-full': 'The disk is full, so the telephone exchange could not be made or started. Free some space and try again.',
  'phone.image-not-built': 'The telephone exchange could not be built: {problem} Connect to the internet and try again.',
  'phone.port-taken':
    'Port {port}, where telephones reach the exchange, is used by {program}. End that program, or choose another port in the settings under Phone.',
  'phone.exchange-not-started': 'The telephone exchange does not start: {problem}. Try again; the log lies in {folder}.',
  'phone.exchange-silent':
    'The telephone exchange runs and cannot be reached on this computer. With Docker Desktop, switch on host networking in its settings under Resources, Network; else run npm run doctor.',
  'phone.restart-waits': 'A change waits for the end of the calls that are going on: the telephone exchange is started anew then.',
  'phone.no-dongle-driver':
    'This Asterisk has no driver for GSM sticks (chan_dongle). Take the stick out of the settings, or use an Asterisk of your own that has the driver.',
  'phone.existing-too-old': 'The Asterisk at {url} is version {version}; version 20 or newer is needed.',
  'phone.existing-lacks': 'The Asterisk at {url} lacks {modules}. Load these modules in its modules.conf and try again.',
} as const;
type ExchangeErrorCode = keyof typeof sentences;

export function exchangeError(code: ExchangeErrorCode, details: Record<string, string | number> = {}, cause?: unknown): AppError {
  const message = sentences[code].replaceAll(/\{([a-z]+)\}/g, (blank, name: string) => String(details[name] ?? blank));
  return new AppError(code, message, { details, ...(cause === undefined ? {} : { cause }) });
}

/** What the engine or the image said, in words of the telephone; errors of our own stay as they are. */
export function inOurWords(error: unknown): AppError {
  const told = engineError(error);
  const problem = told.message;
  if (told.code === 'sandbox.no-docker') return exchangeError('phone.no-docker', {}, told);
  if (told.code === 'sandbox.not-answering') return exchangeError('phone.docker-silent', { problem }, told);
  if (told.code === 'sandbox.disk-full') return exchangeError('phone.disk-full', {}, told);
  if (told.code === 'sandbox.no-image' || told.code === 'sandbox.image-changed')
    return exchangeError('phone.image-not-built', { problem }, told);
  if (told.code.startsWith('sandbox.')) return exchangeError('phone.docker-silent', { problem }, told);
  return told;
}
