import { ARKIT_NAMES, type ArkitName } from '../../../src-preload/contract/index.ts';

/** The 15 mouth shapes of Oculus' lip sync, as avatar makers call them behind "viseme_". */
export const VISEMES = ['sil', 'PP', 'FF', 'TH', 'DD', 'kk', 'CH', 'SS', 'nn', 'RR', 'aa', 'E', 'I', 'O', 'U'] as const;
export type Viseme = (typeof VISEMES)[number];

/** Expressions of VRM 1.0 that a motion frame can drive, and coarse shapes that avatar makers offer beside them. */
export const COARSE_NAMES = [
  'aa',
  'ih',
  'ou',
  'ee',
  'oh',
  'blink',
  'blinkLeft',
  'blinkRight',
  'lookUp',
  'lookDown',
  'lookLeft',
  'lookRight',
  'relaxed',
  'mouthOpen',
  'mouthSmile',
  'eyesClosed',
] as const;
export type CoarseName = (typeof COARSE_NAMES)[number];

/** What a shape of a model means. */
export type ShapeMeaning = { kind: 'arkit'; name: ArkitName } | { kind: 'viseme'; name: Viseme } | { kind: 'coarse'; name: CoarseName };

/** `Eye_Blink-Left` → `eyeblinkleft`. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const MEANINGS: ReadonlyMap<string, ShapeMeaning> = new Map([
  ...COARSE_NAMES.map((name): [string, ShapeMeaning] => [plain(name), { kind: 'coarse', name }]),
  ...VISEMES.map((name): [string, ShapeMeaning] => [`viseme${plain(name)}`, { kind: 'viseme', name }]),
  ...ARKIT_NAMES.flatMap((name): [string, ShapeMeaning][] => {
    const meaning: ShapeMeaning = { kind: 'arkit', name };
    const full = plain(name);
    const short = full.replace(/left$/, 'l').replace(/right$/, 'r');
    // "mouthL" for mouthLeft: the shape that moves the whole mouth aside.
    return full === short
      ? [[full, meaning]]
      : [
          [full, meaning],
          [short, meaning],
        ];
  }),
]);

/**
 * What a shape is, by its name: ARKit's names in any case, with `Left`/`_L`, with a prefix such as Maya's `blendShape1.`; Oculus' `viseme_PP`; VRM's
 * expressions. undefined = nothing that we move.
 */
export function meaningOf(name: string): ShapeMeaning | undefined {
  const last = plain(name.split('.').at(-1) ?? name);
  return MEANINGS.get(last) ?? MEANINGS.get(last.replace(/^arkit/, ''));
}
