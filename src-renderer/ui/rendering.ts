let software: boolean | undefined;

/**
 * Whether the processor draws the window, because there is no graphics card that may. It then has better things to do: each moving picture takes from
 * the voice. Asks the browser once, in the way made for that (WebGL specification §5.2, `failIfMajorPerformanceCaveat`).
 */
export function isDrawnBySoftware(): boolean {
  if (software !== undefined) return software;
  const canvas = document.createElement('canvas');
  software = canvas.getContext('webgl', { failIfMajorPerformanceCaveat: true }) === null;
  if (!software) releaseCanvas(canvas);
  return software;
}

/** So few cores that pictures and an answer, made by the same ones, wait for each other. */
const FEW_CORES = 4;

/** Whether what is drawn while an answer is being made delays it. */
export function isProcessorScarce(): boolean {
  return navigator.hardwareConcurrency <= FEW_CORES && isDrawnBySoftware();
}

/**
 * Gives back the graphics memory of a canvas that nobody draws on any more. A browser allows some 16 WebGL contexts and takes the oldest away for the
 * next one; left to itself it lets go of those that are not needed only when it next looks for garbage.
 */
export function releaseCanvas(canvas: HTMLCanvasElement): void {
  const context = (canvas.getContext('webgl2') ?? canvas.getContext('webgl')) as WebGLRenderingContext | null;
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  canvas.width = 0;
}
