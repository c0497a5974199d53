import { en } from '../../src-renderer/i18n/en.ts';
import { charactersEn } from '../../src-renderer/i18n/characters-en.ts';
import { openSpokenHome, type SpokenApp } from '../e2e/spoken-app.ts';
import { distribution, single, type BenchResult } from './statistics.ts';

const LONGEST_MS = 60_000;
const NAME = 'Nova';

/**
 * A film of three seconds in the real window, from the press of the button until it is saved: the sentence is spoken by the real voice, the face is
 * prepared anew, drawn and encoded. The first one also loads the encoder.
 */
export async function measurePreview(rounds = 4): Promise<Omit<BenchResult, 'bench'>> {
  const home = await openSpokenHome();
  try {
    const app = await home.start();
    await app.electron.evaluate(({ session }, folder) => {
      session.defaultSession.on('will-download', (_event, item) => item.setSavePath(`${folder}/${Date.now()}.mp4`));
    }, home.folder);
    await app.button(en.firstRun.start).last().click();
    await app.waitForState(en.stage.state.readyHandsFree.title);
    const tookMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) tookMs.push(await saveFilm(app));
    return {
      metrics: { preview_first: single('ms', tookMs[0] ?? LONGEST_MS, 1), preview: distribution('ms', tookMs) },
      targets: { preview: 'p50 ≤ 6000' },
      notes: [],
    };
  } finally {
    await home.dispose();
  }
}

async function saveFilm({ page, button }: SpokenApp): Promise<number> {
  await page.getByRole('navigation', { name: en.rail.label }).getByRole('button', { name: en.rail.characters }).click();
  await page.getByRole('button', { name: charactersEn.actionsNamed.replace('{{name}}', NAME) }).click();
  await page.getByRole('menuitem', { name: charactersEn.clip.title }).click();
  const startedAtMs = performance.now();
  await button(charactersEn.clip.start).click();
  await page
    .getByRole('dialog')
    .getByText(en.toast.exported.replace('{{fileName}}', `${NAME}.mp4`))
    .waitFor({ timeout: LONGEST_MS });
  const tookMs = performance.now() - startedAtMs;
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  return tookMs;
}
