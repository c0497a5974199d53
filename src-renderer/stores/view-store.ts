import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorData } from '../../src-preload/contract/index.ts';
import type { Layout } from '../app/layout.ts';
import { errorDataOf } from '../bridge/index.ts';

export type Screen = 'talk' | 'characters' | 'calls' | 'activity' | 'hands' | 'models' | 'settings';

/** What the Characters screen shows: all of them, one that is being made (from `file`, if one was dropped), or one that is being changed. */
export type CharactersPlace = { at: 'gallery' } | { at: 'new'; file?: File } | { at: 'editor'; id: string; isNew: boolean };

/** What the Calls screen shows. `log` may come back `from` an entry of it, to where that one was opened. `dial` may bring a number along, `contacts` a contact or a number to make one of. */
export type CallsPlace =
  | { at: 'log'; from?: string }
  | { at: 'entry'; callId: string }
  | { at: 'dial'; number?: string }
  | { at: 'contacts'; number?: string }
  | { at: 'statistics' };

/** A short message. */
export interface Toast {
  id: number;
  /** `done` and `undo` go away by themselves; `undo` has a button that takes the action back. `problem` stays until it is closed. */
  kind: 'done' | 'undo' | 'problem';
  /** Key under `toast` of the catalogues, or the error that happened. */
  content: { key: string; values?: Record<string, string | number> } | { error: ErrorData };
  undo?: () => void;
  /** Does again what has failed. */
  retry?: () => void;
}

export interface SoughtSetting {
  key: string;
  request: number;
}

/** Where the owner is and what is open. Nothing of it outlives the page. */
export interface ViewState {
  screen: Screen;
  charactersPlace: CharactersPlace;
  callsPlace: CallsPlace;
  layout: Layout;
  /** Setting to scroll to and mark on the Settings screen; set by palette and notices. `request` tells one wish from the next, also for the same one. */
  soughtSetting: SoughtSetting | undefined;
  paletteOpen: boolean;
  keysOpen: boolean;
  /** The question for the phrase that lifts a stop. */
  liftOpen: boolean;
  /** The question what to show the assistant. */
  sharePageOpen: boolean;
  conversationsOpen: boolean;
  /** The stage alone, everything else hidden. */
  stageOnly: boolean;
  /** The face has a small window of its own. */
  faceWindowOpen: boolean;
  /** The window can be seen at all. */
  visible: boolean;
  /** Raised to put the cursor into the input. */
  inputFocusRequest: number;
  /** Raised to put the focus on the question that waits for the owner. */
  approvalFocusRequest: number;
  toasts: readonly Toast[];
  show(screen: Screen, soughtKey?: string): void;
  showCharacters(place: CharactersPlace): void;
  showCalls(place: CallsPlace): void;
  toast(toast: Omit<Toast, 'id'>): void;
  closeToast(id: number): void;
  /** For the end of a promise: `promise.catch(fail)`. */
  fail(error: unknown): void;
}

export function createViewStore(): StoreApi<ViewState> {
  let nextToast = 1;
  let nextRequest = 1;
  return createStore<ViewState>()((set, get) => ({
    screen: 'talk',
    charactersPlace: { at: 'gallery' },
    callsPlace: { at: 'log' },
    layout: 'wide',
    soughtSetting: undefined,
    paletteOpen: false,
    keysOpen: false,
    liftOpen: false,
    sharePageOpen: false,
    conversationsOpen: false,
    stageOnly: false,
    faceWindowOpen: false,
    visible: true,
    inputFocusRequest: 0,
    approvalFocusRequest: 0,
    toasts: [],
    show(screen, soughtKey) {
      const soughtSetting = soughtKey === undefined ? undefined : { key: soughtKey, request: nextRequest };
      nextRequest += 1;
      // Whoever goes to the characters once more wants to see them all; the same with calls.
      set({
        screen,
        soughtSetting,
        charactersPlace: { at: 'gallery' },
        callsPlace: { at: 'log' },
        paletteOpen: false,
        keysOpen: false,
        stageOnly: false,
      });
    },
    showCharacters: (place) => set({ screen: 'characters', charactersPlace: place, paletteOpen: false, keysOpen: false, stageOnly: false }),
    showCalls: (place) => set({ screen: 'calls', callsPlace: place, paletteOpen: false, keysOpen: false, stageOnly: false }),
    toast(toast) {
      const id = nextToast;
      nextToast += 1;
      set(({ toasts }) => ({ toasts: [...withRoom(toasts, toast), { ...toast, id }] }));
    },
    closeToast: (id) => set(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
    fail: (error) => get().toast({ kind: 'problem', content: { error: errorDataOf(error) } }),
  }));
}

/** Whether this call's page of the log is what the owner looks at. */
export function isEntryShown({ screen, callsPlace }: Pick<ViewState, 'screen' | 'callsPlace'>, callId: string): boolean {
  return screen === 'calls' && callsPlace.at === 'entry' && callsPlace.callId === callId;
}

const MAX_TOASTS = 3;

/** Those that stay beside a new one. What goes by itself goes first; the same problem again takes the place of its older self. */
function withRoom(toasts: readonly Toast[], added: Omit<Toast, 'id'>): readonly Toast[] {
  const others = toasts.filter((toast) => JSON.stringify([toast.kind, toast.content]) !== JSON.stringify([added.kind, added.content]));
  if (others.length < MAX_TOASTS) return others;
  const leaving = others.find((toast) => toast.kind !== 'problem') ?? others[0];
  return others.filter((toast) => toast !== leaving);
}
