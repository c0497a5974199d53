import type { KillLevel } from '../../../src-preload/contract/index.ts';
import { AppError } from '../../base/errors.ts';
import type { Effect } from './killswitch.ts';

export function engaged(effect: Effect, level: KillLevel): AppError {
  return new AppError('killswitch.engaged', 'Everything was stopped by its owner. Lift the stop first; nothing was done.', {
    details: { effect, level },
  });
}

export function languageCut(): AppError {
  return new AppError('killswitch.language-cut', 'The language model is cut off. Connect it again on the stop page; nothing was asked.', {
    details: { effect: 'inference' },
  });
}

export function wrongPhrase(): AppError {
  return new AppError('killswitch.wrong-phrase', 'That is not the phrase. Type the words as they are shown; everything stays stopped.');
}

export function wrongPassphrase(): AppError {
  return new AppError('killswitch.wrong-passphrase', 'That is not the passphrase. Try again; everything stays stopped.');
}

export function staleToken(): AppError {
  return new AppError(
    'killswitch.stale-token',
    'This question has expired or was answered already. Begin the lifting again; everything stays stopped.',
  );
}

export function notRecorded(cause: unknown): AppError {
  return new AppError(
    'killswitch.not-recorded',
    'The lifting could not be written down, so everything stays stopped. Check that the data folder has room and can be written.',
    { cause },
  );
}

export function languageNotRestored(cause: unknown): AppError {
  return new AppError(
    'killswitch.language-not-restored',
    'That the language model is connected again could not be written down, so it stays cut off. Check that the data folder has room and can be written.',
    { cause },
  );
}

export function mayNotLift(): AppError {
  return new AppError(
    'killswitch.may-not-lift',
    'Only the owner can lift a stop, in the window or at the terminal. Everything stays stopped.',
  );
}

export function passphraseUnreadable(file: string, cause: unknown): AppError {
  return new AppError(
    'killswitch.passphrase-unreadable',
    `The stored passphrase in ${file} cannot be read. Put the file right or remove it at the machine itself.`,
    { cause, details: { file } },
  );
}
