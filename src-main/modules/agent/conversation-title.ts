const MAX_WORDS = 7;
const MAX_CHARACTERS = 60;

/** A title from the first question: its first words, without a greeting and without the mark at the end. */
export function titleFrom(question: string): string {
  const words = question
    .replace(/^\s*(?:hello|hi|hey|hallo|guten (?:morgen|tag|abend))\b[\s,.!]*/i, '')
    .trim()
    .split(/\s+/);
  const short = words.slice(0, MAX_WORDS).join(' ').slice(0, MAX_CHARACTERS);
  const plain = short.replace(/[.,;:!?…]+$/, '');
  if (plain === '') return question.trim().slice(0, MAX_CHARACTERS);
  return `${plain[0]?.toUpperCase() ?? ''}${plain.slice(1)}${words.length > MAX_WORDS ? ' …' : ''}`;
}
