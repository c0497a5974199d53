import { AppError } from '../../base/errors.ts';

/*
 * What can go wrong with a renderer outside the app. `where` is a host such as "127.0.0.1:8930". Messages never quote the server: its words may hold
 * the token.
 */

export function badAddress(reason: string): AppError {
  return new AppError(
    'film.bad-address',
    `The address of the face server cannot be used: ${reason}. It should look like http://127.0.0.1:8930.`,
    {
      details: { reason },
    },
  );
}

export function remoteNotAllowed(where: string): AppError {
  return new AppError(
    'film.remote',
    `The face server at ${where} is not on this machine: picture and voice would leave it. Allow that in the settings, or use one of your own.`,
    { details: { where } },
  );
}

export function unreachable(where: string, reason: string): AppError {
  return new AppError('film.unreachable', `The face server at ${where} cannot be reached (${reason}). Start it and try again.`, {
    details: { where, reason },
  });
}

export function unauthorized(where: string): AppError {
  return new AppError('film.unauthorized', `The face server at ${where} refused the token. Enter the one that it was started with.`, {
    details: { where },
  });
}

export function busy(where: string): AppError {
  return new AppError('film.busy', `The face server at ${where} takes no more work at the moment. Wait a little and try again.`, {
    details: { where },
  });
}

export function refused(where: string, status: number): AppError {
  return new AppError('film.refused', `The face server at ${where} refused the request (${status}). Look into its own window.`, {
    details: { where, status },
  });
}

export function timedOut(where: string, afterMs: number): AppError {
  const seconds = Math.max(1, Math.round(afterMs / 1000));
  return new AppError(
    'film.timeout',
    `The face server at ${where} made no progress for ${seconds} s. Try a shorter text or a smaller model.`,
    {
      details: { where, seconds },
    },
  );
}

export function failed(where: string): AppError {
  return new AppError('film.failed', `The face server at ${where} could not make the clip. Look into its own window for the reason.`, {
    details: { where },
  });
}

export function badAnswer(where: string, reason: string): AppError {
  return new AppError('film.bad-answer', `The face server at ${where} sent no clip: ${reason}.`, { details: { where, reason } });
}
