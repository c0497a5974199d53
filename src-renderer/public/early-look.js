// Runs before the first paint, so that the window never flashes in the wrong theme or size. The settings themselves come later, with the core's answer.
(() => {
  const [kept, face] = ['openclaw.look', 'openclaw.face'].map((key) => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? '{}') ?? {};
    } catch {
      // Storage may be forbidden or hold rubbish: the computer's own wishes count.
      return {};
    }
  });
  const root = document.documentElement;
  const byComputer = matchMedia('(prefers-color-scheme: light)').matches ? 'paper' : 'ink';
  root.dataset.theme = kept.theme === 'ink' || kept.theme === 'paper' ? kept.theme : byComputer;
  // The first picture shows Nova; whoever had another on the stage must not see her flash by.
  if ((face.id ?? 'default') !== 'default') root.dataset.face = 'another';
  if (kept.textSize >= 80 && kept.textSize <= 200) root.style.setProperty('--text-scale', String(kept.textSize / 100));
})();
