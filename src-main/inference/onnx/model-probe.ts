import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import * as ort from 'onnxruntime-node';
import { AppError } from '../../base/errors.ts';

/** Larger graphs are not opened for a trial, it would take seconds; their hash was checked when they were downloaded. */
const MAX_TRIAL_BYTES = 200 * 1024 * 1024;

/**
 * Opens a graph for a trial and closes it again. Needed before sherpa-onnx gets it, whose native code ends the whole process on a bad file;
 * ONNX Runtime's own binding throws instead. 10-200 ms. `inputs`: names that this kind of model must have.
 * @throws AppError `recognition.model-missing`, `recognition.model-damaged`
 */
export async function probeModel(path: string, inputs: readonly string[] = []): Promise<void> {
  const { size } = await requireFile(path);
  if (size > MAX_TRIAL_BYTES) return;
  try {
    const session = await ort.InferenceSession.create(path, {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      graphOptimizationLevel: 'disabled',
      logSeverityLevel: 4,
    });
    const found = new Set(session.inputNames);
    await session.release();
    const absent = inputs.find((name) => !found.has(name));
    if (absent !== undefined) throw new Error(`it has no input "${absent}", so it is another kind of model`);
  } catch (error) {
    throw modelDamaged(path, error);
  }
}

/** @throws AppError `recognition.model-missing` */
export async function requireFile(path: string): Promise<{ size: number }> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return { size: found.size };
  throw new AppError('recognition.model-missing', `The model file "${path}" is missing: download it again on the Models page.`, {
    details: { path },
  });
}

/** The error for a file that is there but cannot be used. */
export function modelDamaged(path: string, cause: unknown): AppError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AppError(
    'recognition.model-damaged',
    `The model file "${basename(path)}" is damaged: delete it on the Models page and download it again. (${why.slice(0, 200)})`,
    { cause, details: { path } },
  );
}
