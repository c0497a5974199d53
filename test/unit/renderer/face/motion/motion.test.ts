import { describe, expect, it } from 'vitest';
import { ARKIT_NAMES, type MotionFrame, type TalkState } from '../../../../../src-preload/contract/index.ts';
import { createMotion, type MotionOptions } from '../../../../../src-renderer/face/motion/motion.ts';
import type { HeardSpeech, MotionInputs } from '../../../../../src-renderer/face/motion/motion-inputs.ts';
import { createSpeechTrack } from '../../../../../src-renderer/face/motion/speech-track.ts';
import { mouthOpening } from '../../../../bench/lip-judge.ts';

const READY: TalkState = { state: 'ready' };
const LISTENING: TalkState = { state: 'listening' };
const THINKING: TalkState = { state: 'thinking' };
const SPEAKING: TalkState = { state: 'speaking', paused: false };
const FRAME_MS = 40;
/** A day of this century. */
const START_MS = 1_790_000_000_000;

function words(seconds: number): HeardSpeech['units'] {
  const track = createSpeechTrack();
  const sounds = Array.from('maɪneɪmɪznoʊvaandaɪlaɪktubeɪk');
  for (let atMs = 0, index = 0; atMs < seconds * 1000; atMs += 80, index += 1) {
    track.add([{ symbol: sounds[index % sounds.length] ?? 'a', startMs: atMs, durationMs: 80, level: 0.6 }], 0);
  }
  return track.units;
}

const units = words(60);

function heardAt(atMs: number, options: Partial<HeardSpeech> = {}): HeardSpeech {
  return { utteranceId: 'u1', positionMs: atMs, isFlowing: true, units, loudness: 0.5, ...options };
}

/** Frames of `seconds` at 25 a second, with the inputs of each moment. */
function film(seconds: number, inputs: (atMs: number) => Partial<MotionInputs>, options: Partial<MotionOptions> = {}): MotionFrame[] {
  const motion = createMotion({ seed: 5, expressiveness: 0.8, emotion: 'neutral', ...options });
  return Array.from({ length: Math.round((seconds * 1000) / FRAME_MS) }, (_, index) =>
    motion.frameAt(START_MS + index * FRAME_MS, { talk: READY, speech: undefined, microphoneLevel: 0, ...inputs(index * FRAME_MS) }),
  );
}

const blinksOf = (frames: readonly MotionFrame[]): number =>
  frames.filter((frame, index) => (frame.weights.eyeBlinkLeft ?? 0) > 0.9 && (frames[index - 1]?.weights.eyeBlinkLeft ?? 0) <= 0.9).length;

/** Where the eyes point in the room. */
const aimOf = ({ gaze, head }: MotionFrame): number => Math.hypot(gaze.yaw + 0.9 * head.yaw, gaze.pitch + 0.9 * head.pitch);
const shareAtViewer = (frames: readonly MotionFrame[]): number => frames.filter((frame) => aimOf(frame) < 3).length / frames.length;

const measure = (frames: MotionFrame[]): { smile: number; motion: number } => ({
  smile: Math.max(...frames.map(({ weights }) => weights.mouthSmileLeft ?? 0)),
  motion: frames.slice(1).reduce((sum, { head }, index) => sum + Math.abs(head.pitch - (frames[index]?.head.pitch ?? 0)), 0),
});

const nods = (microphoneLevel: (atMs: number) => number): number => {
  const frames = film(60, (atMs) => ({ talk: LISTENING, microphoneLevel: microphoneLevel(atMs) }));
  return frames.filter(({ head }, index) => head.pitch - (frames[index - 5]?.head.pitch ?? head.pitch) > 1.2).length;
};

/** Speaks all the time, or after five seconds. */
const talking = (atMs: number): Partial<MotionInputs> => ({ talk: SPEAKING, speech: heardAt(atMs) });
const talkingSoon = (atMs: number): Partial<MotionInputs> => (atMs < 5000 ? {} : talking(atMs - 5000));

describe('createMotion', () => {
  it('gives the same frames for the same seed, times and inputs, on any day, and others for another seed', () => {
    expect(film(15, talkingSoon)).toEqual(film(15, talkingSoon));
    expect(film(15, talkingSoon)).not.toEqual(film(15, talkingSoon, { seed: 6 }));
  });

  it('keeps every weight within 0..1 and every angle where a neck and an eye can go', () => {
    for (const emotion of ['neutral', 'energetic', 'calm'] as const) {
      const frames = film(60, (atMs) => (atMs % 20_000 < 10_000 ? { talk: SPEAKING, speech: heardAt(atMs) } : { talk: THINKING }), {
        emotion,
        expressiveness: 1,
      });
      const weights = frames.flatMap((frame) => Object.values(frame.weights));
      expect([Math.min(...weights) >= 0, Math.max(...weights) <= 1]).toEqual([true, true]);
      const names: readonly string[] = ARKIT_NAMES;
      expect(frames.flatMap((frame) => Object.keys(frame.weights)).filter((name) => !names.includes(name))).toEqual([]);
      expect(Math.max(...frames.flatMap(({ head }) => [Math.abs(head.yaw), Math.abs(head.pitch), Math.abs(head.roll)]))).toBeLessThan(20);
      expect(Math.max(...frames.flatMap(({ gaze }) => [Math.abs(gaze.yaw), Math.abs(gaze.pitch)]))).toBeLessThanOrEqual(24);
      expect(frames.filter(({ breath }) => !(breath >= 0 && breath <= 1))).toEqual([]);
    }
  });

  it('lives when nothing happens: blinks every few seconds, breathes, shifts its head and looks away now and then, with the mouth shut', () => {
    const frames = film(120, () => ({}));
    expect(blinksOf(frames)).toBeGreaterThan(18);
    expect(blinksOf(frames)).toBeLessThan(70);
    expect(Math.max(...frames.map(({ breath }) => breath))).toBeGreaterThan(0.95);
    expect(Math.min(...frames.map(({ breath }) => breath))).toBeLessThan(0.05);
    const yaws = frames.map(({ head }) => head.yaw);
    expect(Math.max(...yaws) - Math.min(...yaws)).toBeGreaterThan(3);
    expect(shareAtViewer(frames)).toBeGreaterThan(0.6);
    expect(shareAtViewer(frames)).toBeLessThan(0.97);
    for (const { weights } of frames) expect(mouthOpening(weights)).toBe(0);
  });

  it('never stares: the eyes rest on one point for three seconds at most', () => {
    const frames = film(60, () => ({ talk: LISTENING }));
    let longest = 0;
    let restingSince = 0;
    for (const [index, frame] of frames.entries()) {
      const before = frames[index - 1] ?? frame;
      const moved = Math.hypot(
        frame.gaze.yaw + 0.9 * frame.head.yaw - before.gaze.yaw - 0.9 * before.head.yaw,
        frame.gaze.pitch + 0.9 * frame.head.pitch - before.gaze.pitch - 0.9 * before.head.pitch,
      );
      if (moved > 0.25) restingSince = index;
      longest = Math.max(longest, (index - restingSince) * FRAME_MS);
    }
    expect(longest).toBeLessThan(4500);
  });

  it('moves the head without jerks, speaking too', () => {
    const frames = film(60, (atMs) => (atMs % 12_000 < 8000 ? { talk: SPEAKING, speech: heardAt(atMs) } : {}), { emotion: 'energetic' });
    for (const axis of ['yaw', 'pitch', 'roll'] as const) {
      const speeds = frames.slice(1).map(({ head }, index) => ((head[axis] - (frames[index]?.head[axis] ?? 0)) * 1000) / FRAME_MS);
      expect(Math.max(...speeds.map(Math.abs))).toBeLessThan(45);
      const changes = speeds.slice(1).map((speed, index) => Math.abs(speed - (speeds[index] ?? 0)));
      expect(Math.max(...changes)).toBeLessThan(25);
    }
  });

  it('speaks with its lips, looks mostly at the viewer and gestures with head and brows', () => {
    const frames = film(30, (atMs) => ({ talk: SPEAKING, speech: heardAt(atMs) }));
    const openings = frames.map(({ weights }) => mouthOpening(weights));
    expect(Math.max(...openings)).toBeGreaterThan(0.3);
    expect(openings.filter((opening) => opening < 0.02).length).toBeGreaterThan(20);
    expect(shareAtViewer(frames)).toBeGreaterThan(0.6);
    expect(Math.max(...frames.map(({ weights }) => weights.browInnerUp ?? 0))).toBeGreaterThan(0.08);
  });

  it.each<[string, (atMs: number) => Partial<MotionInputs>]>([
    ['the state changes to listening', () => ({ talk: LISTENING })],
    ['the core pauses the answer', () => ({ talk: { state: 'speaking', paused: true } })],
    ['the sound is halted', () => ({ talk: SPEAKING })],
  ])('freezes at once and has closed its mouth 150 ms after somebody cuts in: %s', (cause, after) => {
    const cutMs = 2050;
    const flows = cause !== 'the sound is halted';
    const motion = createMotion({ seed: 5, expressiveness: 0.8, emotion: 'neutral' });
    let last = 1;
    for (let atMs = 0; atMs <= 3000; atMs += 10) {
      const isCut = atMs >= cutMs;
      // A late report may let the sound's clock run on: nobody is fooled by it.
      const speech = heardAt(atMs, { isFlowing: !isCut || flows });
      const opening = mouthOpening(
        motion.frameAt(START_MS + atMs, { talk: SPEAKING, microphoneLevel: 0, ...(isCut ? after(atMs) : {}), speech }).weights,
      );
      if (isCut && atMs > cutMs) expect(opening).toBeLessThanOrEqual(last + 1e-9);
      if (atMs >= cutMs + 150) expect(opening).toBe(0);
      last = opening;
    }
  });

  it('goes on speaking when a pause was a false alarm', () => {
    const frames = film(6, (atMs) => ({ talk: { state: 'speaking', paused: atMs > 2000 && atMs < 3000 }, speech: heardAt(atMs) }));
    expect(Math.max(...frames.slice(60, 74).map(({ weights }) => mouthOpening(weights)))).toBe(0);
    expect(Math.max(...frames.slice(78).map(({ weights }) => mouthOpening(weights)))).toBeGreaterThan(0.3);
  });

  it('speaks a sample too, which changes no state', () => {
    const frames = film(4, (atMs) => ({ talk: { state: 'off', reason: 'not-started' }, speech: heardAt(atMs) }));
    expect(Math.max(...frames.map(({ weights }) => mouthOpening(weights)))).toBeGreaterThan(0.3);
  });

  it('goes by the loudness where no timings came, and closes in its gaps', () => {
    const frames = film(4, (atMs) => ({ talk: SPEAKING, speech: heardAt(atMs, { units: [], loudness: atMs % 1000 < 600 ? 0.7 : 0.02 }) }));
    const openings = frames.map(({ weights }) => mouthOpening(weights));
    for (let second = 0; second < 4; second += 1) {
      expect(Math.max(...openings.slice(second * 25, second * 25 + 15))).toBeGreaterThan(0.25);
      // 120 ms after the sound has ended.
      expect(Math.max(...openings.slice(second * 25 + 18, second * 25 + 25))).toBeLessThan(0.05);
    }
  });

  it('looks up or aside in thought, and back at whoever begins to speak', () => {
    const frames = film(16, (atMs) => ({ talk: atMs < 8000 ? THINKING : LISTENING }));
    expect(shareAtViewer(frames.slice(25, 200))).toBeLessThan(0.6);
    expect(Math.min(...frames.slice(25, 200).map(({ gaze }) => gaze.pitch))).toBeLessThan(-4);
    const back = frames.findIndex((frame, index) => index >= 200 && aimOf(frame) < 3);
    expect((back - 200) * FRAME_MS).toBeLessThanOrEqual(200);
  });

  it('nods when the user ends a phrase, not while they speak', () => {
    expect(nods((atMs) => (atMs % 6000 < 4000 ? 0.6 : 0.05))).toBeGreaterThan(8);
    expect(nods(() => 0.6)).toBe(0);
  });

  it('looks where something happens while it has nothing else to do', () => {
    const attention = { yaw: 12, pitch: 6 };
    const isThere = ({ gaze, head }: MotionFrame): boolean =>
      Math.abs(gaze.yaw + 0.9 * head.yaw - attention.yaw) < 2 && Math.abs(gaze.pitch + 0.9 * head.pitch - attention.pitch) < 2;
    expect(film(60, () => ({ attention })).filter(isThere).length).toBeGreaterThan(50);
    expect(film(60, () => ({})).filter(isThere).length).toBeLessThan(10);
  });

  it('raises its brows towards the end of a question', () => {
    const track = createSpeechTrack();
    track.add(
      [
        { symbol: 'i', startMs: 0, durationMs: 60 },
        { symbol: 'z', startMs: 60, durationMs: 60 },
        { symbol: 'i', startMs: 1500, durationMs: 80 },
        { symbol: '?', startMs: 1580, durationMs: 300 },
      ],
      0,
    );
    const frames = film(2, (atMs) => ({ talk: SPEAKING, speech: heardAt(atMs, { units: track.units }) }));
    const brows = frames.map(({ weights }) => weights.browInnerUp ?? 0);
    expect(brows[38] ?? 0).toBeGreaterThan((brows[12] ?? 0) + 0.15);
  });

  it('shows the character: energetic ones move and smile more than calm ones', () => {
    const energetic = measure(film(30, talking, { emotion: 'energetic' }));
    const calm = measure(film(30, talking, { emotion: 'calm' }));
    expect(energetic.smile).toBeGreaterThan(1.5 * calm.smile);
    expect(energetic.motion).toBeGreaterThan(1.5 * calm.motion);
  });

  it('moves lips and lids alone for people who asked for less motion', () => {
    const frames = film(20, (atMs) => ({ talk: SPEAKING, speech: heardAt(atMs), lipsOnly: true }));
    for (const { head, gaze, breath, weights } of frames) {
      expect({ head, gaze, breath }).toEqual({ head: { yaw: 0, pitch: 0, roll: 0, x: 0, y: 0 }, gaze: { yaw: 0, pitch: 0 }, breath: 0 });
      expect(weights.browInnerUp).toBeUndefined();
    }
    expect(Math.max(...frames.map(({ weights }) => mouthOpening(weights)))).toBeGreaterThan(0.3);
    expect(blinksOf(frames)).toBeGreaterThan(1);
  });

  it('says the same with the eyeLook weights as with the gaze', () => {
    for (const { gaze, weights } of film(20, () => ({ talk: THINKING }))) {
      const yaw = 30 * ((weights.eyeLookOutLeft ?? 0) - (weights.eyeLookInLeft ?? 0));
      const pitch = 25 * ((weights.eyeLookDownRight ?? 0) - (weights.eyeLookUpRight ?? 0));
      expect(yaw).toBeCloseTo(gaze.yaw, 0);
      expect(pitch).toBeCloseTo(gaze.pitch, 0);
    }
  });

  it('tells when nothing quick happens, and every blink and glance begins at a time that was told', () => {
    const motion = createMotion({ seed: 9, expressiveness: 0.8, emotion: 'neutral' });
    let quiet = 0;
    let before: MotionFrame | undefined;
    for (let atMs = START_MS; atMs < START_MS + 30_000; atMs += FRAME_MS) {
      const told = motion.quickAtMs(atMs);
      const frame = motion.frameAt(atMs, { talk: READY, speech: undefined, microphoneLevel: 0 });
      const isQuiet = told > atMs && before !== undefined;
      if (isQuiet && before) {
        quiet += 1;
        expect(Math.abs((frame.weights.eyeBlinkLeft ?? 0) - (before.weights.eyeBlinkLeft ?? 0))).toBeLessThan(0.1);
        expect(Math.abs(frame.gaze.yaw - before.gaze.yaw)).toBeLessThan(1);
      }
      before = frame;
    }
    expect(quiet).toBeGreaterThan(500);
  });

  it('counts a head that turns fast as quick, and one that only sways as not', () => {
    const motion = createMotion({ seed: 9, expressiveness: 0.8, emotion: 'neutral' });
    let fastest = 0;
    let before: MotionFrame | undefined;
    for (let atMs = START_MS; atMs < START_MS + 20_000; atMs += FRAME_MS) {
      const isQuiet = motion.quickAtMs(atMs) > atMs;
      const state = Math.floor((atMs - START_MS) / 2000) % 2 === 0 ? 'ready' : 'thinking';
      const frame = motion.frameAt(atMs, { talk: { state }, speech: undefined, microphoneLevel: 0 });
      const speed = Math.abs(frame.head.yaw - (before?.head.yaw ?? frame.head.yaw)) / (FRAME_MS / 1000);
      fastest = Math.max(fastest, speed);
      // A turn is known from its second frame on: by then it may be a little faster than the limit.
      if (isQuiet) expect(speed).toBeLessThan(6);
      before = frame;
    }
    expect(fastest).toBeGreaterThan(6);
  });

  it('goes on calmly after an hour of not being looked at', () => {
    const motion = createMotion({ seed: 5, expressiveness: 0.8, emotion: 'neutral' });
    const inputs: MotionInputs = { talk: READY, speech: undefined, microphoneLevel: 0 };
    motion.frameAt(START_MS, inputs);
    const later = Array.from({ length: 250 }, (_, index) => motion.frameAt(START_MS + 3_600_000 + index * FRAME_MS, inputs));
    expect(blinksOf(later)).toBeLessThan(8);
    expect(Math.max(...later.slice(1).map(({ head }, index) => Math.abs(head.yaw - (later[index]?.head.yaw ?? 0))))).toBeLessThan(1);
  });
});
