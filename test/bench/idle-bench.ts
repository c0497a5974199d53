import type { Clip } from './audio.ts';
import type { BenchCore } from './core.ts';
import { single, slope, type BenchResult } from './statistics.ts';

/** Memory is read after this many turns, when what was allocated for good has been. */
const WARM_UP_TURNS = 40;

/** Ten hours of use in short: typed turns one after the other, some aloud; does memory grow? */
export async function runIdleBench(core: BenchCore, clips: readonly Clip[], rounds: number): Promise<BenchResult> {
  const page = await core.openPage();
  const sizes: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const clip = clips[round % clips.length];
    if (!clip) break;
    const done = page.answersDone;
    await page.bridge.call('turn.send', { conversationId: null, text: clip.text, speak: round % 4 === 0 });
    if (round % 4 === 0) {
      await page.until(() => page.session().talk.state === 'speaking' || page.answersDone > done, 20_000, 'a voice');
      await core.pause(200);
      await page.bridge.call('turn.stop', {});
    }
    await page.until(() => page.answersDone > done, 60_000, 'the end of an answer');
    if (round >= WARM_UP_TURNS) sizes.push(await core.memoryBytes());
  }
  await page.close();
  return {
    bench: 'idle',
    metrics: {
      memory_growth: single('bytes per turn', slope(sizes), sizes.length),
      memory_first: single('bytes', sizes[0] ?? 0, 1),
      memory_last: single('bytes', sizes.at(-1) ?? 0, 1),
    },
    targets: { memory_growth: 'about 0', memory_last: '≤ 1.6 GB' },
    notes: [],
  };
}
