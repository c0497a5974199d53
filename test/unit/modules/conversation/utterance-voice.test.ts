import { describe, expect, it } from 'vitest';
import { heardCharacters } from '../../../../src-main/modules/conversation/heard-text.ts';
import { mapText } from '../../../../src-main/modules/conversation/mapped-text.ts';
import { utteranceVoice } from '../../../../src-main/modules/conversation/utterance-voice.ts';
import { voiceProfileSchema, type SpeechPattern, type VoiceProfile } from '../../../../src-preload/contract/index.ts';

const UTTERANCE = { utteranceId: 'utt_1', language: 'en' };
const speaker = (voice: Partial<VoiceProfile> = {}, patterns: SpeechPattern[] = [], samplePath?: string) => ({
  id: 'nova',
  voice: voiceProfileSchema.parse(voice),
  patterns,
  ...(samplePath === undefined ? {} : { samplePath }),
});
const plain = { pitch: 0, formant: 0, emotion: 'neutral', pauses: 1, drawl: 0 };

describe('utteranceVoice', () => {
  it.each([
    ['the best of the language when nobody wishes for one', 'auto', 'auto', undefined],
    ["the owner's voice for a character without one", 'auto', 'joe', 'joe'],
    ["the character's own voice before the owner's", 'amy', 'joe', 'amy'],
  ])('takes %s', (_name, own, settings, expected) => {
    const { parameters } = utteranceVoice(speaker({ voice: own }), { voice: settings, speed: 1 }, UTTERANCE);
    expect(parameters).toEqual({ speed: 1, style: plain, ...(expected === undefined ? {} : { voice: expected }) });
  });

  it.each([
    ['a copied voice', speaker({}, [], '/c/nova/voice.wav'), undefined],
    ['a copied voice with one that stands in for it', speaker({ voice: 'amy' }, [], '/c/nova/voice.wav'), 'amy'],
  ])("does not put the owner's voice over %s", (_name, as, expected) => {
    expect(utteranceVoice(as, { voice: 'joe', speed: 1 }, UTTERANCE).parameters.voice).toBe(expected);
  });

  it.each([
    [1.5, 1.2, 1.8],
    [2, 1.5, 2],
    [0.5, 0.6, 0.5],
  ])('multiplies the speeds of owner and character: %f × %f → %f', (owner, own, expected) => {
    expect(utteranceVoice(speaker({ speed: own }), { voice: 'auto', speed: owner }, UTTERANCE).parameters.speed).toBeCloseTo(expected, 6);
  });

  it('says how the character sounds, with what lives in the sound', () => {
    const voice = { pitch: 3, formant: 1, emotion: 'calm' as const, design: 'an old sailor' };
    const patterns: SpeechPattern[] = [
      { kind: 'pauses', amount: 0.5, description: '' },
      { kind: 'drawl', amount: 0.4, description: '' },
      { kind: 'glitch', amount: 0.7, description: '' },
    ];
    const clone = { file: 'voice.wav', durationMs: 8000, consentAt: '2026-11-01T00:00:00Z', transcript: 'Hello.' };
    const { style } = utteranceVoice(
      speaker({ ...voice, clone }, patterns, '/c/nova/voice.wav'),
      { voice: 'auto', speed: 1 },
      UTTERANCE,
    ).parameters;
    expect(style).toEqual({
      pitch: 3,
      formant: 1,
      emotion: 'calm',
      pauses: expect.closeTo(1.6, 6),
      drawl: 0.4,
      design: 'an old sailor',
      reference: { path: '/c/nova/voice.wav', transcript: 'Hello.' },
      glitch: { amount: 0.7, seed: 'utt_1' },
    });
  });

  it('says a clause with the habits of the one who speaks, and what was heard is still what is written', () => {
    const raw = '**Perfect** morning.';
    const speakable = 'Perfect morning.';
    const clause = {
      rawStart: 0,
      rawEnd: raw.length,
      raw,
      speakable,
      sourceOffsets: [2, 3, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    };
    const { spoken } = utteranceVoice(
      speaker({}, [{ kind: 'stutter', amount: 1, description: '' }]),
      { voice: 'auto', speed: 1 },
      UTTERANCE,
    );
    const said = Array.from({ length: 40 }, (_, rawStart) => spoken({ ...clause, rawStart })).find(({ speakable: text }) =>
      text.startsWith('puh-'),
    );
    expect(said?.speakable).toMatch(/^(?:puh-){1,2}Perfect morning\.$/u);
    const end = said?.speakable.indexOf(' ') ?? 0;
    const words = [
      { textStart: 0, textEnd: end, startMs: 0, endMs: 900 },
      { textStart: end + 1, textEnd: end + 8, startMs: 900, endMs: 1400 },
    ];
    const segment = { clause: { ...clause, ...said, rawStart: 0 }, durationMs: 1600, words };
    expect([100, 500, 1000, 1200].map((ms) => heardCharacters([segment], ms))).toEqual([0, 9, 9, 19]);
    expect(said?.raw).toBe(raw);
  });

  it('says a clause as it is without habits', () => {
    const { text, offsets } = mapText('Hello there.', 5);
    const clause = { rawStart: 5, rawEnd: 17, raw: text, speakable: text, sourceOffsets: offsets };
    expect(utteranceVoice(speaker(), { voice: 'auto', speed: 1 }, UTTERANCE).spoken(clause)).toEqual(clause);
  });
});
