import { AppError } from '../../base/errors.ts';

/*
 * What can go wrong with the engine and with an image that is built here. The codes are older than the second user (the telephone), which puts words of
 * its own in their place.
 */

/** How to get Docker, in one sentence, for this system. */
function howToGetDocker(platform: NodeJS.Platform): string {
  if (platform === 'linux')
    return 'install it with your package manager (Debian and Ubuntu: sudo apt-get install docker.io) and look again';
  return 'install Docker Desktop from https://docs.docker.com/get-started/get-docker/, start it and look again';
}

export const noDocker = (platform: NodeJS.Platform): AppError =>
  new AppError(
    'sandbox.no-docker',
    `Docker was not found on this computer, so commands cannot run behind walls: ${howToGetDocker(platform)}.`,
  );

export const mayNotUseDocker = (address: string, user: string): AppError =>
  new AppError(
    'sandbox.not-answering',
    `This user may not talk to Docker at ${address}: run sudo usermod -aG docker ${user}, then sign out and in again.`,
    { details: { address } },
  );

export const notAnswering = (cause?: unknown): AppError =>
  new AppError('sandbox.not-answering', 'Docker does not answer: start it (Linux: sudo systemctl start docker) and look again.', { cause });

export const unknownAddress = (address: string): AppError =>
  new AppError(
    'sandbox.not-answering',
    `DOCKER_HOST is ${address}, but the sandbox uses only a Docker on this computer: set it to unix:///path or npipe:////./pipe/name, or unset it.`,
    { details: { address } },
  );

export const noImage = (): AppError =>
  new AppError(
    'sandbox.no-image',
    'The image that commands run in is not built yet: build it in the settings, or run npm run sandbox -- prepare.',
  );

export const imageNotBuilt = (why: string): AppError =>
  new AppError('sandbox.no-image', `The image could not be built (${why}): connect to the internet and try again.`);

export const imageChanged = (): AppError =>
  new AppError(
    'sandbox.image-changed',
    'The image that commands run in is not the one that was built here, so nothing runs in it: build it anew in the settings, or run npm run sandbox -- prepare.',
  );

export const diskFull = (cause?: unknown): AppError =>
  new AppError('sandbox.disk-full', 'The disk is full, so the command was ended or could not start: free some space and try again.', {
    cause,
  });

export const failed = (cause: unknown): AppError =>
  new AppError('sandbox.failed', `The sandbox could not run this: ${messageOf(cause)}. Run npm run doctor.`, { cause });

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.replaceAll(/\s+/g, ' ').slice(0, 300) : String(error);

/** What the engine said, in our words; our own errors stay as they are. */
export function engineError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = codeOf(error);
  if (['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', 'EACCES', 'ABORT_ERR'].includes(code)) return notAnswering(error);
  const message = messageOf(error);
  if (code === 'ENOSPC' || /no space left on device|disk quota exceeded/i.test(message)) return diskFull(error);
  if (/no such image/i.test(message)) return noImage();
  if (/socket hang up|aborted|timeout/i.test(message)) return notAnswering(error);
  return failed(error);
}

export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The engine's HTTP status, 0 where it was none. */
export function statusOf(error: unknown): number {
  return typeof error === 'object' && error !== null && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : 0;
}
