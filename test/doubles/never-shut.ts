/** The gate of the off-switch where nothing is ever stopped. */
export const neverShut = (): AbortSignal => new AbortController().signal;
