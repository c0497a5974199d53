import type { LanguageCode } from '../../inference/contracts/index.ts';

/** How patient the assistant is, in milliseconds after the last sample of speech. */
export interface EndOfTurnProfile {
  /** Shortest wait: the turn surely sounds complete. */
  surelyCompleteMs: number;
  /** The turn sounds complete, the words leave it open. */
  completeMs: number;
  /** It sounds unfinished. */
  incompleteMs: number;
  /** It surely sounds unfinished, or ends on a word that must be followed by another. */
  surelyIncompleteMs: number;
}

/** The three choices of the setting `talk.endOfTurn`; the numbers were found with `npm run bench -- turns`. */
export const endOfTurnProfiles = {
  quick: { surelyCompleteMs: 220, completeMs: 350, incompleteMs: 800, surelyIncompleteMs: 1300 },
  normal: { surelyCompleteMs: 300, completeMs: 480, incompleteMs: 1150, surelyIncompleteMs: 1700 },
  patient: { surelyCompleteMs: 500, completeMs: 900, incompleteMs: 1700, surelyIncompleteMs: 2300 },
} as const satisfies Record<string, EndOfTurnProfile>;

/** Thresholds on smart-turn's probability; 0.5 is the model's own operating point. */
const SURELY_COMPLETE = 0.85;
const COMPLETE = 0.5;
const SURELY_INCOMPLETE = 0.12;

/** Words after which nobody stops on purpose. */
const openEndings: Record<string, ReadonlySet<string>> = {
  en: new Set(
    'a an and are as at because but by for from if in into is like my of on or our so than that the their then to um uh was when where which while who with your'.split(
      ' ',
    ),
  ),
  de: new Set(
    'aber als am an auf aus bei damit das dass dem den der die doch ein eine einen einem einer für im in ist mein meine mit nach oder ob sondern über um und unser vom von vor weil wenn wie zu zum zur äh ähm'.split(
      ' ',
    ),
  ),
};

/** How long to wait after the last sample of speech before the turn is the assistant's. `probability` undefined = no turn model: the words alone decide. */
export function completionDelayMs(
  pause: { probability: number | undefined; text: string; language: LanguageCode },
  profile: EndOfTurnProfile,
): number {
  const reading = readsAs(pause.text, pause.language);
  if (reading === 'open') return profile.surelyIncompleteMs;
  const probability = pause.probability ?? COMPLETE;
  if (probability >= SURELY_COMPLETE) return reading === 'finished' ? profile.surelyCompleteMs : profile.completeMs;
  if (probability >= COMPLETE) return profile.completeMs;
  return probability <= SURELY_INCOMPLETE ? profile.surelyIncompleteMs : profile.incompleteMs;
}

/** 'open' = ends on a word or mark that wants a continuation, 'finished' = ends like a sentence. */
export function readsAs(text: string, language: LanguageCode): 'open' | 'finished' | 'unclear' {
  const trimmed = text.trim();
  if (/[,;:–—-]$|\.\.\.$|…$/.test(trimmed)) return 'open';
  const lastWord = trimmed.toLowerCase().match(/([\p{L}'’]+)[.!?]*$/u)?.[1];
  if (lastWord !== undefined && openEndings[language]?.has(lastWord)) return 'open';
  return /[.!?]["'”»]?$/.test(trimmed) ? 'finished' : 'unclear';
}
