import { describe, expect, it } from 'vitest';
import type { VoiceInfo } from '../../../../src-main/inference/contracts/index.ts';
import { nearestPreset } from '../../../../src-main/inference/voice-samples/nearest-preset.ts';

const voice = (id: string, fundamentalHz?: number, languages = ['en']): VoiceInfo => ({
  id,
  name: id,
  languages,
  engine: 'piper',
  ...(fundamentalHz === undefined ? {} : { fundamentalHz }),
});
const VOICES = [voice('robot'), voice('joe', 105), voice('kristin', 200), voice('thorsten', 115, ['de'])];
const nearest = (fundamentalHz: number | undefined, language = 'en') => {
  const found = nearestPreset(VOICES, { fundamentalHz, language });
  return found && [found.voice.id, found.pitch];
};

describe('nearestPreset', () => {
  it.each([
    [105, 'joe', 0],
    [125, 'joe', 3],
    [90, 'joe', -3],
    [165, 'kristin', -3],
    [230, 'kristin', 2],
  ])('finds for %i Hz the voice %s, moved by %i semitones', (hz, id, pitch) => expect(nearest(hz)).toEqual([id, pitch]));

  it('moves no voice further than a person would believe', () => {
    expect([nearest(400), nearest(45)]).toEqual([
      ['kristin', 7],
      ['joe', -7],
    ]);
  });

  it('keeps to the language', () => expect(nearest(200, 'de')).toEqual(['thorsten', 7]));

  it('takes the first voice as it is when a height is not known', () => {
    expect(nearest(undefined)).toEqual(['robot', 0]);
    expect(nearestPreset([voice('robot')], { fundamentalHz: 150, language: 'en' })).toEqual({ voice: voice('robot'), pitch: 0 });
  });

  it('finds none where nothing speaks the language', () => expect(nearest(120, 'fr')).toBeUndefined());
});
