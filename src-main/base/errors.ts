/**
 * Base of every error that leaves a module. `code` is stable (`area.meaning`, used for translation and tests);
 * the message is one English sentence that says what happened and how to mend it. `details` fill the translated text.
 */
export class AppError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, string | number>>;

  constructor(code: string, message: string, options: { cause?: unknown; details?: Record<string, string | number> } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** An error as data, as it travels between processes and to the window. */
export interface ErrorData {
  code: string;
  message: string;
  details: Record<string, string | number>;
}

/** Flattens anything thrown into data; unknown errors get the code `internal.unexpected`. */
export function toErrorData(error: unknown): ErrorData {
  if (error instanceof AppError) return { code: error.code, message: error.message, details: { ...error.details } };
  if (isAbort(error)) return { code: 'request.aborted', message: 'The request was cancelled.', details: {} };
  return { code: 'internal.unexpected', message: error instanceof Error ? error.message : String(error), details: {} };
}

/** The reverse of {@link toErrorData}, on the caller's side. */
export function fromErrorData(data: ErrorData): AppError {
  return new AppError(data.code, data.message, { details: data.details });
}

/** True for an `AbortSignal`'s reason or our own `request.aborted`. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || (error instanceof AppError && error.code === 'request.aborted'));
}
