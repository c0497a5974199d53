/** Grows with every change that makes another result of the same picture: cached ones are then not used any more. */
export const ANALYSIS_VERSION = 1;
