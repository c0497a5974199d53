import { errorCode } from '../../base/atomic-file.ts';
import { AppError } from '../../base/errors.ts';

/** The sentences of the characters module, one function per meaning. */
export function unknownCharacter(id: string): AppError {
  return new AppError(
    'character.unknown',
    `There is no character "${id}". It may have been deleted; the list shows those that are there.`,
    {
      details: { id },
    },
  );
}

export function shippedIsFixed(name: string): AppError {
  return new AppError('character.shipped', `${name} comes with the app and cannot be changed. Duplicate it and change the copy.`, {
    details: { name },
  });
}

export function unreadableCharacter(id: string, reason: string): AppError {
  return new AppError(
    'character.unreadable',
    `The character in the folder "${id}" cannot be read: ${reason}. Its files are left as they are.`,
    {
      details: { id, reason },
    },
  );
}

export function newerCharacter(id: string, version: number): AppError {
  return new AppError(
    'character.newer-version',
    `The character "${id}" was made by a newer version of the app (format ${version}). Update the app to use it; its files are left as they are.`,
    { details: { id, version } },
  );
}

export function idTaken(id: string): AppError {
  return new AppError('character.id-taken', `There is a character "${id}" already. Delete or rename that one first.`, { details: { id } });
}

export function notInBin(id: string): AppError {
  return new AppError('character.not-in-bin', `The character "${id}" is no longer in the bin: it is kept there for 30 days.`, {
    details: { id },
  });
}

export function badPath(path: string): AppError {
  const shown = path.slice(0, 80);
  return new AppError('character.bad-path', `"${shown}" is not the name of a character or of one of its files.`, {
    details: { path: shown },
  });
}

export function fileMissing(id: string, file: string): AppError {
  return new AppError(
    'character.file-missing',
    `The file "${file}" of the character "${id}" is no longer there. Make or import it again.`,
    {
      details: { id, file },
    },
  );
}

/** Asked for before a sample is even looked at. */
export function noConsent(): AppError {
  return new AppError(
    'character.no-consent',
    'A voice may only be used when the person whose voice it is has agreed. Ask them, then tick the box.',
  );
}

/** What the file system said while something was saved. */
export function notSaved(error: unknown, folder: string): AppError {
  if (error instanceof AppError) return error;
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError(
      'character.disk-full',
      'The disk is full: the character was not saved, and nothing was lost. Free some space and try again.',
      {
        cause: error,
        details: { folder },
      },
    );
  }
  return new AppError('character.not-saved', `The character could not be saved in ${folder}. Make the folder writable and try again.`, {
    cause: error,
    details: { folder },
  });
}
