import type { CharacterStyle, Personality, SpeechPattern, VoiceProfile } from '../../../src-preload/contract/index.ts';

/** A persona made of a few words alone, without any model: what the owner wrote, in the form that a model understands. */
export interface WordPersona {
  style: CharacterStyle;
  systemPrompt: string;
  sample: string;
  personality: Personality;
  emotion: VoiceProfile['emotion'];
}

/** English and German stems by which people describe a look. The first that fits wins. */
const STYLES: readonly (readonly [CharacterStyle, RegExp])[] = [
  ['anime', /\b(?:anime|manga|waifu|chibi|kawaii)\b/i],
  ['cyberpunk', /\b(?:cyber\w*|neon\w*|hacker\w*|android\w*|roboter\w*|robot\w*|dystop\w*|sci-?fi|matrix)\b/i],
  [
    'stylized',
    /\b(?:cartoon\w*|comic\w*|drawing|drawn|gezeichnet\w*|zeichnung|painted|gemalt\w*|illustrat\w*|pixar|stylized|stilisiert\w*|retro\w*|vintage)\b/i,
  ],
];

const HABITS: readonly (readonly [SpeechPattern['kind'], number, RegExp])[] = [
  ['stutter', 0.4, /\b(?:stutter\w*|stammer\w*|stotter\w*)\b/i],
  ['pauses', 0.5, /\b(?:paus\w*|measured|bedächtig\w*|thoughtful\w*|nachdenklich\w*|hesitat\w*|zögerlich\w*|zögert)\b/i],
  ['repeats', 0.3, /\b(?:repeat\w*|wiederhol\w*|echo\w*)\b/i],
  ['glitch', 0.4, /\b(?:glitch\w*|bad signal|störung\w*|gestört\w*|malfunction\w*)\b/i],
  ['fillers', 0.4, /\b(?:says um|ums and|filler\w*|ähm?|füllw\w*|rambl\w*)\b/i],
  ['drawl', 0.4, /\b(?:drawl\w*|southern|gedehnt\w*|zieht die (?:worte|wörter)|lazy voice)\b/i],
];

const ENERGETIC =
  /\b(?:energetic|energi\w*|fast|quick|excited|lively|loud|schnell\w*|aufgedreht\w*|lebhaft\w*|laut\w*|fröhlich\w*|cheerful)\b/i;
const CALM = /\b(?:calm\w*|gentle|quiet\w*|slow\w*|soft\w*|wise|serene|ruhig\w*|sanft\w*|leise\w*|langsam\w*|weise\w*|gelassen\w*)\b/i;

const MAX_TRAITS = 6;
/** Longer pieces of a description tell a story; they belong into the prompt only. */
const MAX_TRAIT_WORDS = 3;

export function personaFromWords({ words, name, language }: { words: string; name: string; language: 'en' | 'de' }): WordPersona {
  const about = words.trim().replaceAll(/\s+/g, ' ');
  return {
    style: styleOf(about),
    systemPrompt: promptOf(about, name, language),
    sample: language === 'de' ? `Hallo, ich bin ${name}. Schön, dass du da bist.` : `Hello, I am ${name}. It is good to see you.`,
    personality: { traits: traitsOf(about), speechPatterns: habitsOf(about) },
    emotion: ENERGETIC.test(about) ? 'energetic' : CALM.test(about) ? 'calm' : 'neutral',
  };
}

/** What a picture or a description looks like, as far as its words tell. */
export function styleOf(words: string): CharacterStyle {
  return STYLES.find(([, pattern]) => pattern.test(words))?.[0] ?? 'realistic';
}

function habitsOf(words: string): SpeechPattern[] {
  return HABITS.flatMap(([kind, amount, pattern]) => {
    const found = pattern.exec(words);
    return found ? [{ kind, amount, description: sentenceAround(words, found.index) }] : [];
  });
}

/** The part of the description that names the habit, so that the owner finds his own words again. */
function sentenceAround(words: string, index: number): string {
  const start = Math.max(0, ...[',', '.', ';'].map((mark) => words.lastIndexOf(mark, index) + 1));
  const end = words.slice(index).search(/[,.;]|$/);
  return words
    .slice(start, index + end)
    .trim()
    .slice(0, 200);
}

function traitsOf(words: string): string[] {
  const pieces = words
    .split(/[,.;:!?]|\s(?:and|und|but|aber)\s/i)
    .map((piece) => piece.trim().replace(/^(?:(?:an?|the|very|sehr|ein|eine)\s+)+/i, ''));
  const short = pieces.filter(
    (piece) => piece !== '' && piece.length <= 40 && piece.split(/\s+/).length <= MAX_TRAIT_WORDS && !isHabit(piece),
  );
  return [...new Set(short)].slice(0, MAX_TRAITS);
}

const isHabit = (words: string): boolean => HABITS.some(([, , pattern]) => pattern.test(words));

/** The first sentence names the character: it is all that a small model is told. */
function promptOf(about: string, name: string, language: 'en' | 'de'): string {
  const end = about === '' || /[.!?]$/.test(about) ? '' : '.';
  if (language === 'de') {
    const who = `Du bist ${name}, und du sprichst mit deinem Menschen an seinem eigenen Rechner.`;
    const manner = 'Bleib in deiner Rolle, antworte richtig und knapp, und sag es, wenn du etwas nicht weißt.';
    return about === '' ? `${who} ${manner}` : `${who} So wirst du beschrieben: ${about}${end} ${manner}`;
  }
  const who = `You are ${name}, and you talk with your owner on their own computer.`;
  const manner = 'Stay in character, answer correctly and briefly, and say so when you do not know something.';
  return about === '' ? `${who} ${manner}` : `${who} This is how you are described: ${about}${end} ${manner}`;
}
