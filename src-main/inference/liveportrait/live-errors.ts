import { AppError } from '../../base/errors.ts';

/* Why LivePortrait cannot draw; each time the stage goes on with the mesh. */

export function noGpu(cause?: unknown): AppError {
  return new AppError(
    'face.no-gpu',
    'LivePortrait needs an NVIDIA graphics card with CUDA 12 or later, and none can be used here. The character is drawn by its mesh.',
    { cause },
  );
}

export function weightsMissing(): AppError {
  return new AppError(
    'face.weights-missing',
    'LivePortrait is not installed. Download it on the Models page; until then the character is drawn by its mesh.',
  );
}

export function weightsWrong(what: string, cause?: unknown): AppError {
  return new AppError(
    'face.weights-wrong',
    `A file of LivePortrait is not what it should be (${what}). Repair it on the Models page; until then the character is drawn by its mesh.`,
    { cause, details: { what } },
  );
}

export function outOfMemory(cause: unknown): AppError {
  return new AppError(
    'face.out-of-memory',
    'The graphics card has too little free memory for LivePortrait. Close what else uses it; the character is drawn by its mesh.',
    { cause },
  );
}

const NO_MEMORY = /out of memory|failed to allocate|bad_alloc|ALLOC_FAILED/i;

/** What an engine's own error means. `what`: the file that was at work. */
export function meaningOf(error: unknown, what: string): AppError {
  if (error instanceof AppError) return error;
  return NO_MEMORY.test(error instanceof Error ? error.message : String(error)) ? outOfMemory(error) : weightsWrong(what, error);
}
