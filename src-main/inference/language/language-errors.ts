import { AppError } from '../../base/errors.ts';

/*
 * The errors of every language model, local or behind a server. Messages never quote a server: an answer to a refused key may hold the key.
 * `where` is a host such as "127.0.0.1:11434", or "Claude".
 */

/** There is nothing to ask: no model is chosen or loaded. */
export function notReady(message: string, cause?: unknown): AppError {
  return new AppError('language.not-ready', message, { cause });
}

/** There is a model, but it does not work here: a damaged file, too little memory, or something that nobody expected. */
export function failed(reason: string, cause: unknown): AppError {
  return new AppError('language.failed', `The language model failed (${reason}). Repair it on the Models page, or choose another one.`, {
    cause,
  });
}

export function badAddress(reason: string): AppError {
  return new AppError(
    'language.bad-address',
    `This is not the address of a language server: ${reason}. It should look like http://127.0.0.1:11434/v1.`,
    {
      details: { reason },
    },
  );
}

export function unreachable(where: string, reason: string): AppError {
  return new AppError(
    'language.unreachable',
    `The language server at ${where} cannot be reached (${reason}). Start it, or check the address.`,
    {
      details: { where, reason },
    },
  );
}

export function timedOut(where: string, stage: 'connect' | 'first-token' | 'idle', afterMs: number): AppError {
  const seconds = Math.max(1, Math.round(afterMs / 1000));
  const what = { connect: 'did not accept a connection', 'first-token': 'did not begin to answer', idle: 'fell silent in mid-answer' }[
    stage
  ];
  return new AppError(
    'language.timeout',
    `The language server at ${where} ${what} for ${seconds} s. It may still be loading the model; try again, or choose a smaller one.`,
    {
      details: { where, stage, seconds },
    },
  );
}

/** `receivedCharacters`: what had arrived of the visible answer. */
export function cutOff(where: string, receivedCharacters: number): AppError {
  return new AppError('language.cut-off', `The connection to ${where} broke off in the middle of the answer. Ask again.`, {
    details: { where, received: receivedCharacters },
  });
}

export function badAnswer(where: string, reason: string): AppError {
  return new AppError(
    'language.bad-answer',
    `What ${where} sent is not an answer (${reason}). Check that the address is that of a language server.`,
    {
      details: { where, reason },
    },
  );
}

export function unauthorized(where: string): AppError {
  return new AppError('language.unauthorized', `${where} did not accept the key. Enter a valid one in the settings.`, {
    details: { where },
  });
}

export function modelMissing(where: string, model: string): AppError {
  return new AppError('language.model-missing', `${where} has no model "${model}". Load it there, or choose another.`, {
    details: { where, model },
  });
}

export function busy(where: string): AppError {
  return new AppError('language.busy', `${where} takes no more requests at the moment. Wait a little and ask again.`, {
    details: { where },
  });
}

export function serverError(where: string, status: number): AppError {
  return new AppError('language.server-error', `${where} failed with error ${status}. Look at its own log, or ask again.`, {
    details: { where, status },
  });
}

export function refused(where: string, status: number): AppError {
  return new AppError(
    'language.refused',
    `${where} did not take the request (error ${status}). Its model may not suit this use; choose another.`,
    {
      details: { where, status },
    },
  );
}

/** `tokens`: of the whole prompt; `limit`: of the context window. */
export function tooLong(tokens: number, limit: number): AppError {
  return new AppError(
    'language.too-long',
    `The text has ${tokens} tokens, and the language model takes ${limit}. Shorten it, or choose a model with a larger context.`,
    {
      details: { tokens, limit },
    },
  );
}

export function crashed(receivedCharacters: number, cause: unknown): AppError {
  return new AppError('language.crashed', 'The language model stopped unexpectedly and is started again. Ask once more.', {
    cause,
    details: { received: receivedCharacters },
  });
}
