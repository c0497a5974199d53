import { useCallback, useEffect, useRef, useState } from 'react';
import type { Character, CharacterPatch, ErrorData } from '../../../src-preload/contract/index.ts';
import { useServices } from '../../app/services.ts';
import { errorDataOf } from '../../bridge/index.ts';

/** How the changes stand: nothing to write, typed but not written, on their way, or refused. */
export type DraftState = { state: 'saved' | 'changed' | 'saving' } | { state: 'failed'; error: ErrorData };

export interface CharacterDraft {
  /** With everything that was typed, written or not. */
  character: Character;
  saving: DraftState;
  /** Something differs from what the editor opened with. */
  hasChanges: boolean;
  change(patch: CharacterPatch): void;
  /** Takes in what the core has changed by itself (a voice sample), without writing it once more. */
  take(changed: Character): void;
  /** Writes at once what waits; resolves when it is written or refused. */
  flush(): Promise<void>;
  /** Back to what the editor opened with. */
  undoAll(): void;
}

/** A pause of this length in typing is written. */
const SAVE_AFTER_MS = 700;

/** A character that is being changed: every change is seen at once and written by itself a moment later. */
export function useCharacterDraft(first: Character): CharacterDraft {
  const { bridge, characters, view } = useServices();
  const [opened] = useState(first);
  const [character, setCharacter] = useState(first);
  const [saving, setSaving] = useState<DraftState>({ state: 'saved' });
  const [hasChanges, setHasChanges] = useState(false);
  const pending = useRef<CharacterPatch>({});
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** Writings follow each other: an older one must not land on a newer one. */
  const queue = useRef<Promise<ErrorData | undefined>>(Promise.resolve(undefined));
  const { id } = opened;

  const write = useCallback(async (): Promise<ErrorData | undefined> => {
    const { now: patch, later } = writable(pending.current);
    if (Object.keys(patch).length === 0) return undefined;
    pending.current = later;
    setSaving({ state: 'saving' });
    try {
      characters.getState().put(await bridge.call('characters.update', { id, patch }));
      setSaving(Object.keys(pending.current).length > 0 ? { state: 'changed' } : { state: 'saved' });
      return undefined;
    } catch (error) {
      // Kept for the next try; what was typed since then is newer.
      pending.current = { ...patch, ...pending.current };
      const failure = errorDataOf(error);
      setSaving({ state: 'failed', error: failure });
      return failure;
    }
  }, [bridge, characters, id]);
  const writeNow = useCallback((): Promise<ErrorData | undefined> => {
    clearTimeout(timer.current);
    queue.current = queue.current.then(write);
    return queue.current;
  }, [write]);
  const flush = useCallback(async (): Promise<void> => void (await writeNow()), [writeNow]);
  // Whoever leaves in the middle of a word has meant it. The editor, which says what was refused, is gone then: a message does.
  useEffect(
    () => () => {
      void writeNow().then((failure) => failure && view.getState().toast({ kind: 'problem', content: { error: failure } }));
    },
    [writeNow, view],
  );

  const change = (patch: CharacterPatch): void => {
    pending.current = { ...pending.current, ...patch };
    setCharacter((before) => ({ ...before, ...defined(patch) }));
    setHasChanges(true);
    setSaving({ state: 'changed' });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void flush(), SAVE_AFTER_MS);
  };
  return {
    character,
    saving,
    hasChanges,
    change,
    take: ({ voice }) => setCharacter((before) => ({ ...before, voice: { ...before.voice, clone: voice.clone } })),
    flush,
    undoAll() {
      const { name, description, style, tags, voice, systemPrompt, examples, sample, personality, renderer } = opened;
      change({ name, description, style, tags, voice, systemPrompt, examples, sample, personality, renderer });
      setHasChanges(false);
      void flush();
    },
  };
}

/** What can be written, and what must wait: a name that was cleared is to be typed anew, and holds back nothing else. */
function writable(patch: CharacterPatch): { now: CharacterPatch; later: CharacterPatch } {
  const { name, ...others } = patch;
  return name?.trim() === '' ? { now: others, later: { name } } : { now: patch, later: {} };
}

/** A patch never takes a field away. */
function defined(patch: CharacterPatch): Partial<Character> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
