/** Three soft sounds, made here: two sine partials each, under a quarter of a second, well below speech. */
export type Cue = 'listening' | 'done' | 'needs-you';

export type SoundsSetting = 'never' | 'by-day' | 'always';

/** Notes of a cue: start in ms, pitch in Hz. Rising = go ahead, falling = understood, a repeated third = look here. */
const NOTES: Record<Cue, readonly (readonly [startMs: number, frequencyHz: number])[]> = {
  listening: [
    [0, 523.25],
    [90, 783.99],
  ],
  done: [
    [0, 659.25],
    [90, 493.88],
  ],
  'needs-you': [
    [0, 587.33],
    [140, 739.99],
    [280, 587.33],
  ],
};
const NOTE_SECONDS = 0.16;
const LOUDNESS = 0.06;

/** Plays a cue into a node of its context. Ends by itself. */
export function playCue(cue: Cue, { context, node }: { context: AudioContext; node: AudioNode }): void {
  for (const [startMs, frequencyHz] of NOTES[cue]) {
    const startsAt = context.currentTime + startMs / 1000;
    const envelope = new GainNode(context, { gain: 0 });
    envelope.gain.setValueAtTime(0, startsAt);
    envelope.gain.linearRampToValueAtTime(LOUDNESS, startsAt + 0.015);
    envelope.gain.exponentialRampToValueAtTime(0.0005, startsAt + NOTE_SECONDS);
    envelope.connect(node);
    for (const [multiple, share] of [
      [1, 1],
      [2, 0.18],
    ] as const) {
      const partial = new GainNode(context, { gain: share });
      const oscillator = new OscillatorNode(context, { type: 'sine', frequency: frequencyHz * multiple });
      oscillator.connect(partial).connect(envelope);
      oscillator.start(startsAt);
      oscillator.stop(startsAt + NOTE_SECONDS);
      oscillator.addEventListener('ended', () => partial.disconnect());
    }
  }
}

const NIGHT_FROM_HOUR = 22;
const NIGHT_TO_HOUR = 7;

/** Whether a cue may sound at that time of day. */
export function mayCueSound(setting: SoundsSetting, at: Date): boolean {
  if (setting !== 'by-day') return setting === 'always';
  const hour = at.getHours();
  return hour >= NIGHT_TO_HOUR && hour < NIGHT_FROM_HOUR;
}
