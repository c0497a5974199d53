import type { BodyFailure } from './face-body.ts';

/** The system took the graphics away: a driver that was reset, or too many pictures on one card. */
export function contextLost(): BodyFailure {
  return {
    code: 'face.context-lost',
    message: 'The graphics system took the moving face away. Try again, or close what else uses the graphics card.',
  };
}

/** There is nothing to draw with. */
export function noWebgl(): BodyFailure {
  return { code: 'face.no-webgl', message: 'This window cannot draw with WebGL. The portrait is shown as it is.' };
}

/** Whether a thrown value says why a body cannot draw. */
export function isBodyFailure(error: unknown): error is BodyFailure {
  return typeof error === 'object' && error !== null && 'code' in error && String(error.code).startsWith('face.');
}
