/**
 * Calls back with the screen's frames, at most 30 times a second, until the returned function is called. For meters and the ring: twice as many frames
 * look no better and cost a twentieth of a small computer.
 */
export function onFrame(draw: (nowMs: number) => void): () => void {
  const intervalMs = 1000 / 30;
  let lastMs = -Infinity;
  let frame = requestAnimationFrame(function tick(nowMs) {
    frame = requestAnimationFrame(tick);
    // A frame that comes a little early still counts: screens do not keep exact time.
    if (nowMs - lastMs < intervalMs - 4) return;
    lastMs = nowMs;
    draw(nowMs);
  });
  return () => cancelAnimationFrame(frame);
}
