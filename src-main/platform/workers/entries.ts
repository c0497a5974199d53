/** Where each worker's entry lies under `src-main`, without its ending. A build puts them all beside the main entry, by their last name. */
const ENTRIES = {
  recognition: 'inference/recognition/recognition.worker',
  synthesis: 'inference/synthesis/synthesis.worker',
  language: 'inference/llama/language.worker',
  portrait: 'inference/face/portrait.worker',
  media: 'modules/telephony/media/media.worker',
  watchdog: 'modules/killswitch/watchdog.worker',
} as const;

/** The entry of a worker, in source (`*.worker.ts`) or in a build (`*.worker.js`), whichever this code runs as. */
export function workerEntry(name: keyof typeof ENTRIES, here: string = import.meta.url): URL {
  const path = ENTRIES[name];
  return here.endsWith('.ts') ? new URL(`../../${path}.ts`, here) : new URL(`./${path.slice(path.lastIndexOf('/') + 1)}.js`, here);
}

/** With it the program with a window becomes its own watchdog; see modules/killswitch. */
export const WATCHDOG_SWITCH = '--openclaw-watchdog';
