import type { Character } from '../../../src-preload/contract/index.ts';
import novaUrl from '../../../resources/characters/default/portrait.webp';
import { FIRST_CHARACTER } from '../../stores/characters-store.ts';

/** What early-look.js and the first stage read at the next start, before the core has said who is there. */
const KEPT_FACE = 'openclaw.face';

/** Address of a character's portrait. Nova's is part of the page and there with its first picture. */
export function stillUrl({ id, shipped, assets, portrait }: Character): string {
  return id === FIRST_CHARACTER && shipped ? novaUrl : `${assets}/${portrait.file}`;
}

/** The picture to show while the list of characters is on its way: whoever was on the stage last. */
export function firstStillUrl(): string {
  return keptFace() ?? novaUrl;
}

/** Keeps who is on the stage for the next start. */
export function keepFace(character: Character): void {
  try {
    localStorage.setItem(KEPT_FACE, JSON.stringify({ id: character.id, url: stillUrl(character) }));
  } catch {
    // Without storage the first picture of the next start waits for the core; nothing else depends on it.
  }
}

function keptFace(): string | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEPT_FACE) ?? 'null');
    const url = typeof kept === 'object' && kept !== null && 'url' in kept ? kept.url : undefined;
    return typeof url === 'string' ? url : undefined;
  } catch {
    return undefined;
  }
}
