import { AppError } from '../../base/errors.ts';

/* What can go wrong with a speech server. Messages never quote it: what it says may hold what was sent. `where` is a host with its port. */

export function serverUnreachable(where: string, reason: string): AppError {
  return new AppError(
    'synthesis.server-unreachable',
    `The speech server at ${where} cannot be reached (${reason}). Start it, or clear its address in the settings.`,
    { details: { where, reason } },
  );
}

export function remoteNotAllowed(where: string): AppError {
  return new AppError(
    'synthesis.server-remote',
    `The speech server at ${where} is not on this machine: what is spoken, and samples of voices, would leave it. Allow that in the settings, or use one of your own.`,
    { details: { where } },
  );
}

export function serverSilent(where: string, afterMs: number): AppError {
  const seconds = String(Math.round(afterMs / 1000));
  return new AppError('synthesis.server-silent', `The speech server at ${where} sent nothing for ${seconds} seconds. Start it again.`, {
    details: { where, seconds },
  });
}

export function serverRefused(where: string, status: number, about: 'voice' | 'model' | 'other'): AppError {
  const what = { voice: 'it does not know the voice', model: 'it does not have the model', other: `status ${status}` }[about];
  return new AppError(
    'synthesis.server-refused',
    `The speech server at ${where} refused to speak (${what}). Check model and voice in the settings.`,
    { details: { where, status: String(status), about } },
  );
}

export function serverFailed(where: string): AppError {
  return new AppError('synthesis.server-failed', `The speech server at ${where} broke off in mid-sentence. Start it again.`, {
    details: { where },
  });
}

export function badSound(where: string, what: string): AppError {
  return new AppError(
    'synthesis.server-bad-sound',
    `The speech server at ${where} sent ${what === '' ? 'something' : what} instead of sound (PCM, 16 bit, 24 kHz). Use one with OpenAI's speech interface.`,
    { details: { where, what } },
  );
}
