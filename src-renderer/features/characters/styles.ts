import type { CharacterStyle } from '../../../src-preload/contract/index.ts';

/** In the order in which they are offered. */
export const STYLES = ['realistic', 'stylized', 'anime', 'cyberpunk'] as const satisfies readonly CharacterStyle[];
