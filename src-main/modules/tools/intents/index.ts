import { createId } from '../../../base/ids.ts';
import type { Intent } from '../tools.ts';
import { clockAndTimerPatterns } from './clock-and-timers.ts';
import { diskAndFolderPatterns } from './disk-and-folders.ts';
import type { IntentPart, IntentWays } from './intent-part.ts';
import { smallWishPatterns } from './small-wishes.ts';

export type { IntentWays } from './intent-part.ts';

const PATTERNS = [...diskAndFolderPatterns, ...clockAndTimerPatterns, ...smallWishPatterns];
/** A longer question is not one of these. */
const MAX_CHARS = 400;
const MAX_PARTS = 4;

/** Said around a wish without changing it. */
const BEFORE =
  /^(?:please|hey|hi|hello|okay|ok|so|well|and|then|also|now|can you tell me|could you tell me|can you|could you|would you|will you|i want you to|tell me|bitte|hallo|also|und|dann|jetzt|kannst du mir sagen|könntest du mir sagen|kannst du|könntest du|würdest du|sag mir|mir)(?:[, ]+)/i;
const AFTER = /(?:[, ]+)(?:please|for me|now|right now|thanks|thank you|bitte|für mich|mal|danke)$/i;

/**
 * What the question plainly asks for, in whole: each of its wishes must fit a sentence pattern, in the language of the question or the other one. One word
 * too many, and it is left to the model.
 */
export function matchIntent(question: string, language: string, ways: IntentWays): Intent | undefined {
  if (question.length > MAX_CHARS) return undefined;
  const whole = plain(question);
  const preferred = language.startsWith('de') ? 'de' : 'en';
  const parts = partsOf(whole, preferred, ways);
  if (parts === undefined) return undefined;
  const calls = parts.flatMap((part) => part.calls.map((call) => ({ id: createId('ask'), ...call })));
  return {
    calls,
    answer(results) {
      let index = 0;
      return parts
        .map((part) => {
          const own = results.slice(index, index + part.calls.length);
          index += part.calls.length;
          return part.answer(own);
        })
        .filter(Boolean)
        .join(' ');
    },
  };
}

function partsOf(text: string, preferred: 'en' | 'de', ways: IntentWays): IntentPart[] | undefined {
  const single = partOf(text, preferred, ways);
  if (single) return [single];
  // "A and B", "A, B and C": at each joint the first part that makes sense, the rest likewise.
  for (const joint of text.matchAll(/,? (?:and|und) (?:then |dann |also |auch )?|[,;.?] /gi)) {
    const first = partOf(plain(text.slice(0, joint.index)), preferred, ways);
    if (!first) continue;
    const rest = partsOf(plain(text.slice(joint.index + joint[0].length)), preferred, ways);
    if (rest && rest.length < MAX_PARTS) return [first, ...rest];
  }
  return undefined;
}

function partOf(text: string, preferred: 'en' | 'de', ways: IntentWays): IntentPart | undefined {
  const ordered = [...PATTERNS.filter((each) => each.language === preferred), ...PATTERNS.filter((each) => each.language !== preferred)];
  for (const { pattern, build } of ordered) {
    const found = pattern.exec(text);
    const part = found && build(found.groups ?? {}, ways);
    if (part) return part;
  }
  return undefined;
}

/** Without what is around it: end marks, politeness, doubled blanks. */
function plain(text: string): string {
  let words = text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('’', "'")
    .trim()
    .replace(/[\s?!.…]+$/, '');
  for (let before = ''; before !== words;) {
    before = words;
    words = words.replace(BEFORE, '').replace(AFTER, '');
  }
  return words;
}
