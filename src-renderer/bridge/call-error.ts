import type { ErrorData } from '../../src-preload/contract/index.ts';

/** A call that the core refused or that did not get through. `code` chooses the translated sentence; `message` is the English one. */
export class CallError extends Error {
  readonly code: string;
  readonly details: ErrorData['details'];

  constructor(data: ErrorData) {
    super(data.message);
    this.name = 'CallError';
    this.code = data.code;
    this.details = data.details;
  }
}

/** Any thrown value as data for a notice. */
export function errorDataOf(error: unknown): ErrorData {
  if (error instanceof CallError) return { code: error.code, message: error.message, details: error.details };
  return { code: 'internal.unexpected', message: error instanceof Error ? error.message : String(error), details: {} };
}
