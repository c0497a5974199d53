import { firstCharacters } from './text-ends.ts';

const MAX_WORDS = 7;
const MAX_CHARACTERS = 60;

/** A title from the first question: its first words, without a greeting and without the mark at the end. */
export function titleFrom(question: string): string {
  const words = question
    .replace(/^\s*(?:hello|hi|hey|hallo|guten (?:morgen|tag|abend))\b[\s,.!]*/i, '')
    .trim()
    .split(/\s+/);
  const short = shortened(words.slice(0, MAX_WORDS).join(' '));
  const plain = short.replace(/[\s.,;:!?…]+$/, '');
  if (plain === '') return firstCharacters(question.trim(), MAX_CHARACTERS);
  return `${plain[0]?.toUpperCase() ?? ''}${plain.slice(1)}${short === words.join(' ') ? '' : ' …'}`;
}

/** As many whole words as there is room for; of a single endless word its beginning. */
function shortened(text: string): string {
  if (text.length <= MAX_CHARACTERS) return text;
  const end = text.lastIndexOf(' ', MAX_CHARACTERS);
  return firstCharacters(text, end > 0 ? end : MAX_CHARACTERS);
}
