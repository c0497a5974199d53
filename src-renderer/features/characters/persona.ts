import type { CharacterPatch, CharacterStyle, Personality, PersonaDraft, SpeechPattern } from '../../../src-preload/contract/index.ts';

/** Who a character is, as forms edit it: in one language. */
export interface Persona {
  description: string;
  style: CharacterStyle;
  systemPrompt: string;
  personality: Personality;
}

export const NO_PERSONA: Persona = {
  description: '',
  style: 'realistic',
  systemPrompt: '',
  personality: { traits: [], speechPatterns: [] },
};

export function personaOfDraft({ description, style, systemPrompt, personality }: PersonaDraft): Persona {
  return { description, style, systemPrompt, personality };
}

/** What a new character's persona changes in the character that the core has made of the portrait. Empty words change nothing. */
export function patchOf({ description, systemPrompt, personality }: Persona): CharacterPatch {
  return {
    personality,
    ...(description.trim() === '' ? {} : { description: both(description) }),
    ...(systemPrompt.trim() === '' ? {} : { systemPrompt: both(systemPrompt) }),
  };
}

function both(text: string): { en: string; de: string } {
  return { en: text.trim(), de: text.trim() };
}

/** The habits in the order in which they are offered. */
export const PATTERN_KINDS = [
  'stutter',
  'pauses',
  'repeats',
  'fillers',
  'drawl',
  'glitch',
] as const satisfies readonly SpeechPattern['kind'][];

/** How strong a habit is, 0 = not there. */
export function amountOf({ speechPatterns }: Personality, kind: SpeechPattern['kind']): number {
  return speechPatterns.find((pattern) => pattern.kind === kind)?.amount ?? 0;
}

/** The personality with one habit made stronger or weaker; at 0 it is gone. Its description stays while it is there. */
export function withAmount(personality: Personality, kind: SpeechPattern['kind'], amount: number): Personality {
  const known = personality.speechPatterns.find((pattern) => pattern.kind === kind);
  const others = personality.speechPatterns.filter((pattern) => pattern.kind !== kind);
  const changed = amount > 0 ? [{ kind, description: known?.description ?? '', amount }] : [];
  return { ...personality, speechPatterns: [...others, ...changed] };
}

const MAX_TRAITS = 12;
const MAX_TRAIT = 60;

/** The traits with those of a typed line, cut at commas, each once. */
export function withTraits(traits: readonly string[], line: string): string[] {
  const typed = line.split(/[,;\n]/).map((trait) => trait.trim().slice(0, MAX_TRAIT));
  return [...new Set([...traits, ...typed.filter(Boolean)])].slice(0, MAX_TRAITS);
}
