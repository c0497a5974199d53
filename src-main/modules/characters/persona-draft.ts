import type { CharacterStyle, PersonaDraft } from '../../../src-preload/contract/index.ts';
import type { Clock } from '../../base/clock.ts';
import { isAbort } from '../../base/errors.ts';
import type { Log } from '../../base/log.ts';
import type { LanguageModel } from '../../inference/contracts/index.ts';
import { personaFromWords } from './persona-words.ts';

export interface DraftRequest {
  words: string;
  /** Empty = the model, or the words, give one. */
  name: string;
  language: 'en' | 'de';
}

/** Below this a model repeats the request or makes up words; what the owner wrote is better than that. */
const LEAST_PARAMETERS = 1_000_000_000;
const MAX_TOKENS = 320;
const DEADLINE_MS = 30_000;
const STYLES: readonly CharacterStyle[] = ['realistic', 'stylized', 'anime', 'cyberpunk'];

/**
 * Turns a few words into a persona. Asks the language model for one labelled line per part, which also middling models can write, and takes over only
 * what holds up; the rest comes from the words themselves. Never rejects: a model that is not there or talks nonsense costs nothing but its ideas.
 */
export async function draftPersona(
  deps: { model: LanguageModel; clock: Pick<Clock, 'after'>; log: Log },
  request: DraftRequest,
): Promise<PersonaDraft> {
  const { model } = deps;
  const isAble = model.parameterCount === undefined || model.parameterCount >= LEAST_PARAMETERS;
  const written = isAble ? await ask(deps, request) : '';
  const lines = labelledLines(written);
  const name = request.name !== '' ? request.name : (usable(lines.get('name'), 40) ?? nameFrom(request));
  const plain = personaFromWords({ words: request.words, name, language: request.language });
  const traits = (lines.get('traits') ?? '')
    .split(/[,;]/)
    .map((trait) => trait.trim())
    .filter((trait) => trait !== '' && trait.length <= 40)
    .slice(0, 6);
  const prompt = usable(lines.get('prompt'), 1200);
  return {
    name,
    description: usable(lines.get('description'), 300) ?? request.words.trim().slice(0, 500),
    style: STYLES.find((style) => lines.get('style')?.toLowerCase().includes(style)) ?? plain.style,
    // A prompt that does not say who it is about would make the model somebody else.
    systemPrompt: prompt?.includes(name) === true ? prompt : plain.systemPrompt,
    personality: { ...plain.personality, traits: traits.length > 0 ? traits : plain.personality.traits },
  };
}

async function ask({ model, clock, log }: Parameters<typeof draftPersona>[0], { words, name, language }: DraftRequest): Promise<string> {
  const german = language === 'de';
  const system = german
    ? 'Du erfindest Figuren für einen Sprachassistenten. Antworte mit genau fünf Zeilen auf Deutsch, sonst nichts:\nNAME: ein Vorname\nDESCRIPTION: ein Satz über die Figur\nPROMPT: drei Sätze an die Figur, der erste beginnt mit "Du bist" und ihrem Namen\nTRAITS: drei bis fünf Eigenschaften, mit Komma getrennt\nSTYLE: realistic, stylized, anime oder cyberpunk'
    : 'You invent characters for a voice assistant. Answer with exactly five lines, nothing else:\nNAME: a first name\nDESCRIPTION: one sentence about the character\nPROMPT: three sentences to the character, the first begins with "You are" and its name\nTRAITS: three to five traits, separated by commas\nSTYLE: realistic, stylized, anime or cyberpunk';
  const named = name === '' ? '' : german ? `\nSie heißt ${name}.` : `\nIts name is ${name}.`;
  const deadline = new AbortController();
  const timer = clock.after(DEADLINE_MS, () => deadline.abort());
  try {
    const { text } = await model.generate(
      [
        { role: 'system', text: system },
        { role: 'user', text: `${words.trim()}${named}` },
      ],
      { maxTokens: MAX_TOKENS, temperature: 0.6, signal: deadline.signal },
    );
    return text;
  } catch (error) {
    if (!isAbort(error)) log.info('character.no-draft', { error });
    return '';
  } finally {
    timer.cancel();
  }
}

/** `LABEL: text` lines in any order, with the decoration that models like: stars, dashes, numbers, quotes. */
function labelledLines(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.slice(0, 8_000).split('\n')) {
    const [, label = '', value = ''] = /^[\s>*#\d.)-]*(NAME|DESCRIPTION|PROMPT|TRAITS|STYLE)\s*[*_]*\s*:\s*(.*)$/i.exec(line) ?? [];
    const plain = value.replaceAll(/^[\s*_"'„“]+|[\s*_"'“”]+$/g, '');
    if (plain !== '' && !found.has(label.toLowerCase())) found.set(label.toLowerCase(), plain);
  }
  return found;
}

/** Undefined for what is empty, far too long, or still the form that was to be filled in. */
function usable(text: string | undefined, longest: number): string | undefined {
  if (text === undefined || text.length > longest) return undefined;
  return /first name|one sentence|three sentences|ein vorname|ein satz über|drei sätze/i.test(text) ? undefined : text;
}

/** "A pilot called Ada" → "Ada"; else a name that says that it wants to be replaced. */
function nameFrom({ words, language }: DraftRequest): string {
  return /\b(?:named|called|namens|heißt)\s+(\p{Lu}[\p{L}-]{1,30})/u.exec(words)?.[1] ?? (language === 'de' ? 'Neu' : 'New');
}
