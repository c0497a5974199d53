import { createRandom, firstAudible, lastAudible, withPauses } from './audio.ts';
import type { BenchCore } from './core.ts';
import { distribution, single, type BenchResult } from './statistics.ts';

/** A sentence in parts with the pauses that the speaker makes between them. */
export interface PausedSentence {
  text: string;
  parts: readonly Float32Array[];
}

/** Says sentences with 0.3-1.0 s of silence in the middle; the assistant must not take its turn there. */
export async function runTurnsBench(core: BenchCore, sentences: readonly PausedSentence[], rounds: number): Promise<BenchResult> {
  const page = await core.openPage();
  const random = createRandom(7);
  const delays: number[] = [];
  const notes: string[] = [];
  let cut = 0;
  let tried = 0;
  for (let round = 0; round < rounds; round += 1) {
    const sentence = sentences[round % sentences.length];
    if (!sentence) break;
    const pauseMs = 300 + random() * 700;
    const samples = withPauses(
      sentence.parts.map((part) => part.subarray(firstAudible(part), lastAudible(part))),
      sentence.parts.slice(1).map(() => pauseMs),
    );
    const known = { latencies: page.latencies.length, messages: page.messages.length };
    const said = page.microphone.say(samples);
    let early = false;
    const watch = page
      .until(() => page.session().talk.state === 'thinking' || page.session().talk.state === 'speaking', 20_000, 'the turn')
      .then(
        () => Date.now(),
        () => undefined,
      );
    await said.sent;
    early = page.session().talk.state === 'thinking' || page.session().talk.state === 'speaking' || page.messages.length > known.messages;
    tried += 1;
    if (early) {
      cut += 1;
      notes.push(`cut off after ${Math.round(pauseMs)} ms in "${sentence.text}"`);
    }
    await watch;
    await page.until(() => page.latencies.length > known.latencies, 10_000, 'an answer').catch(() => undefined);
    const delay = page.latencies.slice(known.latencies).at(-1)?.end_of_turn_delay;
    if (!early && delay !== undefined) delays.push(delay);
    await page.bridge.call('turn.stop', {});
    await core.pause(900);
  }
  await page.close();
  return {
    bench: 'turns',
    metrics: {
      false_cutoff_rate: single('%', tried === 0 ? 0 : (100 * cut) / tried, tried),
      end_of_turn_delay: distribution('ms', delays),
    },
    targets: { false_cutoff_rate: '≤ 10 %' },
    notes,
  };
}
