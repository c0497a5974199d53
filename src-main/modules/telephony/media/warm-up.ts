import type { Clock } from '../../../base/clock.ts';
import { audioSocketSound, createAudioSocketParser } from './audiosocket-messages.ts';
import { createLeg } from './leg.ts';
import { frameSamples } from './leg-line.ts';
import type { PacedWork } from './pacer.ts';

const RATES_HZ = [16_000, 8_000] as const;
/** As the starter voices speak. */
const VOICE_HZ = 22_050;
/** Of each rate: after so many, what they pass through is compiled. */
const FRAMES = 50;

/**
 * Does the work of a leg on nothing before the first call. The first hundred frames of a process take four times as long as later ones (1.7 ms here): ten calls that begin
 * at once would be late with all of these, which were half a per cent of half a minute. Takes 0.2 s, once.
 */
export function warmUpLegs(clock: Clock): void {
  for (const rateHz of RATES_HZ) {
    const parser = createAudioSocketParser();
    const sound = new Float32Array(frameSamples(rateHz)).map((_, index) => Math.sin(index / 5) / 4);
    const frames: PacedWork[] = [];
    const pacer = {
      add(work: PacedWork) {
        frames.push(work);
        return () => undefined;
      },
      dispose: () => undefined,
    };
    const leg = createLeg({ legId: 'warm-up', sessionId: 'warm-up' }, { clock, pacer, emit: () => undefined });
    const line = leg.connect({
      sampleRateHz: () => rateHz,
      send: (samples) => void audioSocketSound(samples, rateHz),
      flush: () => undefined,
      hangUp: () => undefined,
    });
    void leg.play('warm-up', new Float32Array((VOICE_HZ * FRAMES) / 50), VOICE_HZ);
    for (let count = 0; count < FRAMES; count += 1) {
      for (const frame of frames) frame(clock.nowMs());
      for (const message of parser.push(audioSocketSound(sound, rateHz)))
        if (message.type === 'sound') line?.audio(message.samples, message.sampleRateHz);
    }
    leg.close();
  }
}
