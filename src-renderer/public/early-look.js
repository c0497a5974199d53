// Runs before the first paint, so that the window never flashes in the wrong theme or size. The settings themselves come later, with the core's answer.
(() => {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem('openclaw.look') ?? '{}');
  } catch {
    // Storage may be forbidden or hold rubbish: the computer's own wishes count.
  }
  const root = document.documentElement;
  const byComputer = matchMedia('(prefers-color-scheme: light)').matches ? 'paper' : 'ink';
  root.dataset.theme = kept.theme === 'ink' || kept.theme === 'paper' ? kept.theme : byComputer;
  if (kept.textSize >= 80 && kept.textSize <= 200) root.style.setProperty('--text-scale', String(kept.textSize / 100));
})();
