// @ts-check

/** Anything that stops set-up. The message is one sentence for the person at the keyboard and says what to do. */
export class SetupError extends Error {
  /**
   * @param {string} code Stable, `area.meaning`.
   * @param {string} message
   * @param {{ cause?: unknown }} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = 'SetupError';
    this.code = code;
  }
}
