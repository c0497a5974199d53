import { AppError, type ErrorData } from '../../../base/errors.ts';

export { codeOf, diskFull, engineError, failed, noImage, notAnswering, statusOf } from '../../../platform/docker/index.ts';

/** Nothing was created. `why` is a clause: "the folder / may not be shared". */
export const refused = (why: string): AppError =>
  new AppError('sandbox.refused', `The sandbox refuses this: ${why}.`, { details: { why } });

export const closed = (): AppError => new AppError('sandbox.failed', 'The sandbox is closing with the app, so nothing new is started.');

/** An expected failure as data, for the status. */
export const asData = (error: AppError): ErrorData => ({ code: error.code, message: error.message, details: { ...error.details } });
