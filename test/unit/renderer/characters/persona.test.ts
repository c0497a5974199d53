import { describe, expect, it } from 'vitest';
import type { Personality } from '../../../../src-preload/contract/index.ts';
import { amountOf, NO_PERSONA, patchOf, withAmount, withTraits } from '../../../../src-renderer/features/characters/persona.ts';

const stuttering: Personality = {
  traits: ['dry'],
  speechPatterns: [{ kind: 'stutter', amount: 0.4, description: 'like an 80s TV host' }],
};

describe('withAmount', () => {
  it('changes how strong a habit is and keeps its description', () => {
    expect(withAmount(stuttering, 'stutter', 0.9)).toEqual({
      traits: ['dry'],
      speechPatterns: [{ kind: 'stutter', amount: 0.9, description: 'like an 80s TV host' }],
    });
  });

  it('adds a habit that was not there, and takes one away at 0', () => {
    const both = withAmount(stuttering, 'pauses', 0.5);
    expect(both.speechPatterns.map(({ kind }) => kind)).toEqual(['stutter', 'pauses']);
    expect(withAmount(both, 'stutter', 0).speechPatterns).toEqual([{ kind: 'pauses', amount: 0.5, description: '' }]);
  });
});

describe('amountOf', () => {
  it('is 0 for a habit that nobody has', () => {
    expect([amountOf(stuttering, 'stutter'), amountOf(stuttering, 'glitch')]).toEqual([0.4, 0]);
  });
});

describe('withTraits', () => {
  it('cuts a line at commas and keeps each trait once', () => {
    expect(withTraits(['dry'], ' kind, dry ; short-spoken,, ')).toEqual(['dry', 'kind', 'short-spoken']);
  });

  it('keeps to what a character may have', () => {
    const many = Array.from({ length: 30 }, (_, index) => `trait ${index}`).join(',');
    expect(withTraits([], many)).toHaveLength(12);
    expect(withTraits([], 'x'.repeat(200))).toEqual(['x'.repeat(60)]);
  });
});

describe('patchOf', () => {
  it('says the same in both languages and changes nothing where nothing was written', () => {
    expect(patchOf({ ...NO_PERSONA, systemPrompt: ' You are Ada. ' })).toEqual({
      personality: { traits: [], speechPatterns: [] },
      systemPrompt: { en: 'You are Ada.', de: 'You are Ada.' },
    });
  });
});
