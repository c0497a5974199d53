import { AppError } from '../../base/errors.ts';

/** The sentences of image generators, one function per meaning. */
export function noGenerator(): AppError {
  return new AppError(
    'images.none',
    'No image generator is set up. Choose one in the settings under Characters, or use a picture of your own.',
  );
}

export function badAddress(reason: string): AppError {
  return new AppError('images.bad-address', `The address of the image generator cannot be used: ${reason}.`, { details: { reason } });
}

export function remoteNotAllowed(where: string): AppError {
  return new AppError(
    'images.remote',
    `The image generator at ${where} is not on this machine: your words would leave it. Allow that in the settings, or use one of your own.`,
    { details: { where } },
  );
}

export function unreachable(where: string, reason: string): AppError {
  return new AppError('images.unreachable', `The image generator at ${where} cannot be reached (${reason}). Start it and try again.`, {
    details: { where, reason },
  });
}

export function tooSlow(where: string, afterMs: number): AppError {
  const seconds = Math.round(afterMs / 1000);
  return new AppError(
    'images.timeout',
    `The image generator at ${where} did not finish within ${seconds} s. Ask for fewer pictures or a smaller model.`,
    {
      details: { where, seconds },
    },
  );
}

export function refused(where: string, status: number): AppError {
  return new AppError(
    'images.refused',
    `The image generator at ${where} refused (${status}). Check its model, its key and its own window.`,
    {
      details: { where, status },
    },
  );
}

export function badAnswer(where: string, reason: string): AppError {
  return new AppError('images.bad-answer', `The image generator at ${where} did not send a picture: ${reason}.`, {
    details: { where, reason },
  });
}
