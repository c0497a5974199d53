import type { Services } from './services.ts';
import { layoutOf, type Layout } from './layout.ts';
import { settingOf } from '../stores/settings-store.ts';

/** What early-look.js reads before the next first paint. */
const KEPT_LOOK = 'openclaw.look';

/**
 * Keeps `<html>` in step with the look settings, the computer's wishes and the window's size: `data-theme`, `data-motion`, `data-layout`, `--text-scale`.
 * Style sheets and the ring read them from there. Runs as long as the page lives.
 */
export function keepLook({ settings }: Pick<Services, 'settings'>, onLayout: (layout: Layout) => void): void {
  const root = document.documentElement;
  const prefersLight = matchMedia('(prefers-color-scheme: light)');
  const prefersCalm = matchMedia('(prefers-reduced-motion: reduce)');
  let layout: Layout | undefined;

  const apply = (): void => {
    const state = settings.getState();
    // Before the list is loaded, early-look.js has already done what can be done.
    if (state.settings.length > 0) {
      const theme = settingOf(state, 'appearance.theme', 'system');
      const textSize = settingOf(state, 'appearance.textSize', 100);
      root.dataset['theme'] = theme === 'ink' || theme === 'paper' ? theme : prefersLight.matches ? 'paper' : 'ink';
      root.style.setProperty('--text-scale', String(textSize / 100));
      keep({ theme, textSize });
    }
    const motion = settingOf(state, 'appearance.motion', 'system');
    root.dataset['motion'] = motion === 'reduced' || (motion === 'system' && prefersCalm.matches) ? 'reduced' : 'full';
    const scale = Number(root.style.getPropertyValue('--text-scale')) || 1;
    const next = layoutOf(innerWidth, innerHeight, scale);
    root.dataset['layout'] = next;
    if (next !== layout) onLayout(next);
    layout = next;
  };

  settings.subscribe(apply);
  prefersLight.addEventListener('change', apply);
  prefersCalm.addEventListener('change', apply);
  addEventListener('resize', apply);
  apply();
}

function keep(look: { theme: string; textSize: number }): void {
  try {
    localStorage.setItem(KEPT_LOOK, JSON.stringify(look));
  } catch {
    // Without storage the first paint follows the computer; nothing else depends on it.
  }
}
