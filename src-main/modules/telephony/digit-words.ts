/** Digits as they are said, in English and German; to be looked up in small letters. */
export const DIGIT_WORDS: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'zero oh null',
    'one eins',
    'two zwei zwo',
    'three drei',
    'four vier',
    'five fünf',
    'six sechs',
    'seven sieben',
    'eight acht',
    'nine neun',
  ].flatMap((words, value) => words.split(' ').map((word) => [word, String(value)] as const)),
);
