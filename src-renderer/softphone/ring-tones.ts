/**
 * `incoming`: somebody calls. `waiting`: somebody calls while the owner is in another call; quiet, and seldom enough not to disturb that. The tone that a
 * caller hears while it rings elsewhere is the network's, or the exchange's.
 */
export type RingTone = 'incoming' | 'waiting';

interface Note {
  atMs: number;
  frequencyHz: number;
  /** 0..1, before the volume of the settings. */
  loudness: number;
}

interface Pattern {
  notes: readonly Note[];
  /** From one beginning to the next. */
  everyMs: number;
  /** How long a note takes to die away. */
  decayMs: number;
}

const D4 = 293.66;
const A4 = 440;
const D5 = 587.33;
const E5 = 659.26;
const FIS5 = 739.99;
const A5 = 880;

/** Loud enough for the next room at full volume; the first bar is softer, so that nobody is startled who sits beside it. */
const LOUDNESS = 0.26;

/** Struck bars, wood rather than bell: an open fifth that climbs to the third and rests. Twice in a row, then as long a pause. */
const FIGURE = [
  [0, D4],
  [0, D5],
  [150, A4],
  [300, D5],
  [450, FIS5],
  [600, A5],
  [900, E5],
  [1050, FIS5],
] as const;

const PATTERNS: Record<RingTone, Pattern> = {
  incoming: { notes: FIGURE.map(([atMs, frequencyHz]) => ({ atMs, frequencyHz, loudness: LOUDNESS })), everyMs: 2800, decayMs: 620 },
  waiting: {
    notes: [
      { atMs: 0, frequencyHz: A5, loudness: 0.05 },
      { atMs: 180, frequencyHz: A5, loudness: 0.05 },
    ],
    everyMs: 6000,
    decayMs: 160,
  },
};

const SOFT_SHARE = 0.45;
/** Sound that is cut off within a sample clicks. */
const CUT_SECONDS = 0.012;
/** A struck bar: the ground tone and a fourfold one that is gone at once. */
const PARTIALS = [
  { multiple: 1, share: 1, decay: 1 },
  { multiple: 4, share: 0.22, decay: 0.25 },
] as const;

/** Plays a tone again and again into a node of its context. The returned function ends it at once, with whatever is sounding. */
export function playRingTone(tone: RingTone, { context, node }: { context: BaseAudioContext; node: AudioNode }): () => void {
  const { notes, everyMs, decayMs } = PATTERNS[tone];
  const out = new GainNode(context, { gain: 1 });
  out.connect(node);
  let bars = 0;
  const playBar = (): void => {
    const soft = bars === 0 ? SOFT_SHARE : 1;
    bars += 1;
    const startsAt = context.currentTime + 0.01;
    for (const note of notes)
      strike(context, out, { ...note, loudness: note.loudness * soft }, startsAt + note.atMs / 1000, decayMs / 1000);
  };
  playBar();
  const timer = setInterval(playBar, everyMs);
  return () => {
    clearInterval(timer);
    out.gain.setTargetAtTime(0, context.currentTime, CUT_SECONDS / 3);
    setTimeout(() => out.disconnect(), 100);
  };
}

function strike(context: BaseAudioContext, out: AudioNode, note: Note, startsAt: number, decaySeconds: number): void {
  for (const { multiple, share, decay } of PARTIALS) {
    const lasts = decaySeconds * decay;
    const envelope = new GainNode(context, { gain: 0 });
    envelope.gain.setValueAtTime(0, startsAt);
    envelope.gain.linearRampToValueAtTime(note.loudness * share, startsAt + 0.004);
    envelope.gain.exponentialRampToValueAtTime(0.0004, startsAt + lasts);
    const oscillator = new OscillatorNode(context, { type: 'sine', frequency: note.frequencyHz * multiple });
    oscillator.connect(envelope).connect(out);
    oscillator.start(startsAt);
    oscillator.stop(startsAt + lasts);
    oscillator.addEventListener('ended', () => envelope.disconnect());
  }
}
