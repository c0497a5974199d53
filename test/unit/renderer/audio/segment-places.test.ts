import { describe, expect, it } from 'vitest';
import type { SpeechTimingMessage } from '../../../../src-preload/contract/index.ts';
import type { PlacedTiming } from '../../../../src-renderer/audio/playback-messages.ts';
import { createSegmentPlaces, type SegmentPlaces } from '../../../../src-renderer/audio/segment-places.ts';

function createPlaces(): { places: SegmentPlaces; placed: [segmentIndex: number, startMs: number][] } {
  const placed: [number, number][] = [];
  const places = createSegmentPlaces(({ message, startMs }: PlacedTiming) => placed.push([message.segmentIndex, startMs]));
  return { places, placed };
}

const timing = (segmentIndex: number): SpeechTimingMessage => ({
  type: 'speech.timing',
  utteranceId: 'u1',
  segmentIndex,
  phonemes: [{ symbol: 'a', startMs: 0, durationMs: 80 }],
  emotion: 'neutral',
});
const sound = (segmentIndex: number, milliseconds: number, last: boolean): Parameters<SegmentPlaces['receive']>[0] => ({
  type: 'speech',
  segmentIndex,
  sampleRateHz: 22_050,
  samples: new Float32Array(Math.round(milliseconds * 22.05)),
  last,
});

describe('createSegmentPlaces', () => {
  it('places timings before the sound that they belong to', () => {
    const { places, placed } = createPlaces();
    places.receive(timing(0));
    expect(placed).toEqual([[0, 0]]);
    places.receive(sound(0, 300, false));
    places.receive(timing(0));
    places.receive(sound(0, 200, true));
    places.receive(timing(1));
    expect(placed).toEqual([
      [0, 0],
      [0, 0],
      [1, expect.closeTo(500, 0)],
    ]);
  });

  it('keeps timings that run ahead of the sound before them', () => {
    const { places, placed } = createPlaces();
    places.receive(timing(0));
    places.receive(sound(0, 300, false));
    places.receive(timing(1));
    places.receive(timing(1));
    expect(placed).toEqual([[0, 0]]);
    places.receive(sound(0, 100, true));
    places.receive(sound(1, 100, true));
    expect(placed.slice(1)).toEqual([
      [1, expect.closeTo(400, 0)],
      [1, expect.closeTo(400, 0)],
    ]);
  });

  it('places timings that come after their sound, and skips segments that were empty', () => {
    const { places, placed } = createPlaces();
    places.receive(sound(0, 250, true));
    places.receive(sound(1, 0, true));
    places.receive(sound(2, 100, false));
    places.receive(timing(2));
    places.receive(timing(0));
    expect(placed).toEqual([
      [2, expect.closeTo(250, 0)],
      [0, 0],
    ]);
  });
});
