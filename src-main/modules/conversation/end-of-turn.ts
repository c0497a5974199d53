import type { LanguageCode } from '../../inference/contracts/index.ts';

/** How patient the assistant is, in milliseconds after the last sample of speech. */
export interface EndOfTurnProfile {
  /** Shortest wait: the turn surely sounds complete. */
  surelyCompleteMs: number;
  /** A question whose voice leaves it open. */
  completeMs: number;
  /** A statement: another may follow. */
  openMs: number;
  /** It sounds unfinished, or the words want a continuation. */
  incompleteMs: number;
  /** Both. */
  surelyIncompleteMs: number;
}

/** The three choices of the setting `talk.endOfTurn`; the numbers were found with `npm run bench -- turns` and `-- voice`. */
export const endOfTurnProfiles = {
  quick: { surelyCompleteMs: 200, completeMs: 320, openMs: 500, incompleteMs: 800, surelyIncompleteMs: 1100 },
  normal: { surelyCompleteMs: 260, completeMs: 450, openMs: 760, incompleteMs: 1080, surelyIncompleteMs: 1500 },
  patient: { surelyCompleteMs: 500, completeMs: 900, openMs: 1200, incompleteMs: 1700, surelyIncompleteMs: 2300 },
} as const satisfies Record<string, EndOfTurnProfile>;

/** Thresholds on smart-turn's probability; 0.5 is the model's own operating point. */
const SURELY_COMPLETE = 0.85;
const COMPLETE = 0.5;

/** Words after which nobody stops on purpose. */
const openWords: Record<string, ReadonlySet<string>> = {
  en: new Set(
    'a an and are as asking at because between but by for from if in into is know like my of on or our so than that the their then thinking to um uh was when where which while who with wondering your'.split(
      ' ',
    ),
  ),
  de: new Set(
    'aber als am an auf aus bei damit das dass dem den der die doch ein eine einen einem einer für im in ist mein meine mit nach oder ob sondern über um und unser vom von vor weil wenn wie wissen zu zum zur zwischen äh ähm'.split(
      ' ',
    ),
  ),
};

/** Ends of requests that want an object: "could you tell me", "can you remind me". */
const openTails: Record<string, RegExp> = {
  en: /\b(?:tell|remind|show|give|ask|let|explain to|write to|help) (?:me|him|her|us|them)$|\bhow much does it cost$/,
  de: /\b(?:sag|sagen|erinnere|erinnern|zeig|zeigen|gib|geben|erklär|erklären) (?:mir|mich|uns|ihm|ihr)$|\b(?:kannst du|können sie) (?:mir|mich) (?:sagen|erklären|erinnern)$/,
};

/** Beginnings of a clause that wants a main clause. */
const openBeginnings: Record<string, RegExp> = {
  en: /^(?:if|when|while|before|after|because|although|since|as soon as|the reason why)\b/,
  de: /^(?:wenn|als|während|bevor|nachdem|weil|obwohl|seit|sobald|falls)\b/,
};

/** Beginnings of a question. */
const questionBeginnings: Record<string, RegExp> = {
  en: /^(?:and |so |but )?(?:who|what|when|where|why|which|how|is|are|was|were|do|does|did|can|could|will|would|should|may|has|have)\b/,
  de: /^(?:und |also |aber )?(?:wer|was|wann|wo|wohin|woher|warum|welche[rsnm]?|wie|ist|sind|war|hat|haben|kann|kannst|können|wird|willst|darf|soll)\b/,
};

/** What the words alone say: `question` and `statement` are finished, `open` wants a continuation. */
export type Reading = 'question' | 'statement' | 'open' | 'unclear';

/** How long to wait after the last sample of speech before the turn is the assistant's. `probability` undefined = no turn model: the words alone decide. */
export function completionDelayMs(
  pause: { probability: number | undefined; text: string; language: LanguageCode },
  profile: EndOfTurnProfile,
): number {
  const probability = pause.probability ?? COMPLETE;
  switch (readsAs(pause.text, pause.language)) {
    case 'open':
      return probability >= COMPLETE ? profile.incompleteMs : profile.surelyIncompleteMs;
    case 'question':
      // The mark comes from the words; the voice of a question often sounds unfinished to the turn model.
      return probability >= SURELY_COMPLETE ? profile.surelyCompleteMs : profile.completeMs;
    case 'statement':
      return probability >= COMPLETE ? profile.openMs : profile.incompleteMs;
    case 'unclear':
      return probability >= SURELY_COMPLETE ? profile.openMs : profile.incompleteMs;
  }
}

export function readsAs(text: string, language: LanguageCode): Reading {
  const trimmed = text.trim();
  const plain = trimmed.toLowerCase().replace(/[.!?,;:…\s"'”»–—-]+$/u, '');
  const lastWord = /[\p{L}'’]+$/u.exec(plain)?.[0] ?? '';
  if (/(?:\.\.\.|…|[–—-])$/.test(trimmed) || openWords[language]?.has(lastWord) || openTails[language]?.test(plain)) return 'open';
  const isAsked = questionBeginnings[language]?.test(plain) ?? false;
  if (/[?]["'”»]?$/.test(trimmed)) return 'question';
  if (openBeginnings[language]?.test(plain) && !/[,;]/.test(plain)) return 'open';
  if (isAsked && plain.split(/\s+/).length >= QUESTION_WORDS) return 'question';
  if (/[,;:]$/.test(trimmed)) return 'open';
  return /[.!]["'”»]?$/.test(trimmed) ? 'statement' : 'unclear';
}

/** A question of so many words is one, whatever mark the recogniser has put behind it. */
const QUESTION_WORDS = 5;
