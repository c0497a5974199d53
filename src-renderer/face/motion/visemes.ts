import type { ArkitName } from '../../../src-preload/contract/index.ts';

/**
 * The mouth shapes of speech. The Oculus set (sil PP FF TH DD kk CH SS nn RR aa E I O U) with three more that German, French and slow speech need:
 * AH for the unstressed middle vowels, Y for rounded front vowels, WW for the narrow rounding of w.
 */
export type Viseme =
  | 'rest'
  | 'PP'
  | 'FF'
  | 'TH'
  | 'DD'
  | 'kk'
  | 'CH'
  | 'SS'
  | 'nn'
  | 'RR'
  | 'WW'
  | 'HH'
  | 'aa'
  | 'AH'
  | 'E'
  | 'I'
  | 'O'
  | 'U'
  | 'Y';

/** Shapes that both sides of the mouth make alike carry one name here. */
const BOTH_SIDES = {
  mouthStretch: ['mouthStretchLeft', 'mouthStretchRight'],
  mouthLowerDown: ['mouthLowerDownLeft', 'mouthLowerDownRight'],
  mouthUpperUp: ['mouthUpperUpLeft', 'mouthUpperUpRight'],
  mouthPress: ['mouthPressLeft', 'mouthPressRight'],
} as const satisfies Record<string, readonly ArkitName[]>;

/** What the lips do apart from the jaw. */
export const LIP_SHAPES = [
  'mouthFunnel',
  'mouthPucker',
  'mouthStretch',
  'mouthLowerDown',
  'mouthUpperUp',
  'mouthRollLower',
  'mouthShrugUpper',
] as const;
export type LipShape = (typeof LIP_SHAPES)[number];

/** The ARKit weights that a shape stands for. */
export function arkitNames(shape: LipShape | 'mouthPress'): readonly ArkitName[] {
  return shape in BOTH_SIDES ? BOTH_SIDES[shape as keyof typeof BOTH_SIDES] : [shape as Exclude<LipShape, keyof typeof BOTH_SIDES>];
}

export interface Articulation {
  /** `jawOpen`; a shout is 1. */
  jaw: number;
  lips: Partial<Record<LipShape, number>>;
  /** How strongly the sound insists on its jaw and on its lips against its neighbours; h has neither and takes theirs. */
  holdsJaw: number;
  holdsLips: number;
  /** Vowels open wider when they are loud. */
  vowel: boolean;
}

const vowel = (jaw: number, lips: Articulation['lips'], holdsLips = 1): Articulation => ({
  jaw,
  lips,
  holdsJaw: 1,
  holdsLips,
  vowel: true,
});
const consonant = (jaw: number, lips: Articulation['lips'], holdsJaw: number, holdsLips: number): Articulation => ({
  jaw,
  lips,
  holdsJaw,
  holdsLips,
  vowel: false,
});

/**
 * Own numbers. Heights of the jaw follow the order of vowel height in the IPA chart; s, t and sh need the teeth almost together, k and l leave the
 * jaw to the vowels around them, as X-ray studies of jaw movement found (Keating, Lindblom, Lubker & Kreiman 1994). Held against the loudness of
 * spoken sentences by `npm run bench -- face`.
 */
export const ARTICULATIONS: Record<Viseme, Articulation> = {
  rest: { jaw: 0, lips: {}, holdsJaw: 1.1, holdsLips: 0.8, vowel: false },
  PP: consonant(0.05, { mouthPucker: 0.06 }, 1, 0.6),
  FF: consonant(0.07, { mouthRollLower: 0.4, mouthUpperUp: 0.14 }, 1, 1.2),
  TH: consonant(0.13, { mouthLowerDown: 0.12 }, 1, 0.7),
  DD: consonant(0.08, { mouthLowerDown: 0.14, mouthStretch: 0.06 }, 1.4, 0.4),
  kk: consonant(0.14, { mouthLowerDown: 0.08 }, 0.8, 0.3),
  CH: consonant(0.07, { mouthFunnel: 0.42, mouthPucker: 0.18, mouthLowerDown: 0.12, mouthUpperUp: 0.1 }, 1.4, 1.3),
  SS: consonant(0.05, { mouthStretch: 0.16, mouthLowerDown: 0.16, mouthUpperUp: 0.06 }, 1.6, 0.7),
  nn: consonant(0.09, { mouthLowerDown: 0.08 }, 1.1, 0.3),
  RR: consonant(0.12, { mouthFunnel: 0.2, mouthPucker: 0.12 }, 0.9, 0.7),
  WW: consonant(0.07, { mouthPucker: 0.62, mouthFunnel: 0.18 }, 1.2, 1.5),
  HH: consonant(0.15, {}, 0.15, 0.05),
  aa: vowel(0.42, { mouthLowerDown: 0.16, mouthUpperUp: 0.06, mouthStretch: 0.04 }),
  AH: vowel(0.25, { mouthLowerDown: 0.1, mouthUpperUp: 0.03 }, 0.6),
  E: vowel(0.27, { mouthStretch: 0.26, mouthLowerDown: 0.16, mouthUpperUp: 0.06 }),
  I: vowel(0.15, { mouthStretch: 0.42, mouthLowerDown: 0.18, mouthUpperUp: 0.06 }),
  O: vowel(0.3, { mouthFunnel: 0.48, mouthPucker: 0.18 }, 1.2),
  U: vowel(0.16, { mouthPucker: 0.52, mouthFunnel: 0.26 }, 1.4),
  Y: vowel(0.16, { mouthPucker: 0.46, mouthFunnel: 0.34 }, 1.4),
};

/** Which shape each IPA letter makes, for English, German, French, Spanish and Italian as espeak writes them; marks of stress and length are not here. */
const LETTERS: Record<Viseme, string> = {
  rest: '_ .,;:?!|‖-',
  PP: 'pbmɓʙ',
  FF: 'fvɱⱱ',
  TH: 'θð',
  DD: 'tdɾɗʈɖ',
  kk: 'kɡgxɣχqɢŋɴcɟçʝʎʁʀħʕ',
  CH: 'ʃʒɕʑʂʐɬɮ',
  SS: 'sz',
  nn: 'nlɲɳɫɭʟ',
  RR: 'ɹrɻɽɺɚɝ',
  WW: 'wʍɥβɸʋɰ',
  HH: 'hɦʔˀʡʢ',
  aa: 'aɑæɐɒɶä',
  AH: 'əʌɜɘɞɤɵ',
  E: 'eɛε',
  I: 'iɪjɨᵻɯ',
  O: 'oɔ',
  U: 'uʊʉᵿ',
  Y: 'yʏøœ',
};

const VISEME_OF = new Map<string, Viseme>();
for (const [viseme, letters] of Object.entries(LETTERS) as [Viseme, string][]) {
  for (const letter of letters) VISEME_OF.set(letter, viseme);
}

/** The shape of one IPA letter; undefined for a mark (stress, length, tone) or a sign that is not known. */
export function visemeOf(letter: string): Viseme | undefined {
  return VISEME_OF.get(letter) ?? VISEME_OF.get(letter.normalize('NFD').charAt(0));
}
