import type { BodyFailure } from '../face-body.ts';

/** Why a 3D model cannot be shown. It is a {@link BodyFailure}, so the stage can hand it on as it is. */
export class AvatarProblem extends Error implements BodyFailure {
  readonly code: BodyFailure['code'];

  constructor(message: string, options: { code?: BodyFailure['code']; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AvatarProblem';
    this.code = options.code ?? 'face.model-unreadable';
  }
}
