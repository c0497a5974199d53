let software: boolean | undefined;

/**
 * Whether the processor draws the window, because there is no graphics card that may. It then has better things to do: each moving picture takes from
 * the voice. Asks the browser once, in the way made for that (WebGL specification §5.2, `failIfMajorPerformanceCaveat`).
 */
export function isDrawnBySoftware(): boolean {
  software ??= document.createElement('canvas').getContext('webgl', { failIfMajorPerformanceCaveat: true }) === null;
  return software;
}
