import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ErrorData } from '../../src-preload/contract/index.ts';
import type { Layout } from '../app/layout.ts';
import { errorDataOf } from '../bridge/index.ts';

export type Screen = 'talk' | 'models' | 'settings';

/** A short message that goes away by itself. */
export interface Toast {
  id: number;
  /** `undo` has a button that takes the action back; `problem` stays until it is closed. */
  kind: 'done' | 'undo' | 'problem';
  /** Key under `toast` of the catalogues, or the error that happened. */
  content: { key: string; values?: Record<string, string | number> } | { error: ErrorData };
  undo?: () => void;
}

/** Where the owner is and what is open. Nothing of it outlives the page. */
export interface ViewState {
  screen: Screen;
  layout: Layout;
  /** Setting to scroll to and mark on the Settings screen; set by palette and notices. */
  soughtSetting: string | undefined;
  paletteOpen: boolean;
  keysOpen: boolean;
  conversationsOpen: boolean;
  /** The stage alone, everything else hidden. */
  stageOnly: boolean;
  /** Raised to put the cursor into the input. */
  inputFocusRequest: number;
  toasts: readonly Toast[];
  show(screen: Screen, soughtSetting?: string): void;
  toast(toast: Omit<Toast, 'id'>): void;
  closeToast(id: number): void;
  /** For the end of a promise: `promise.catch(fail)`. */
  fail(error: unknown): void;
}

export function createViewStore(): StoreApi<ViewState> {
  let nextToast = 1;
  return createStore<ViewState>()((set, get) => ({
    screen: 'talk',
    layout: 'wide',
    soughtSetting: undefined,
    paletteOpen: false,
    keysOpen: false,
    conversationsOpen: false,
    stageOnly: false,
    inputFocusRequest: 0,
    toasts: [],
    show: (screen, soughtSetting) => set({ screen, soughtSetting, paletteOpen: false, keysOpen: false, stageOnly: false }),
    toast(toast) {
      const id = nextToast;
      nextToast += 1;
      set(({ toasts }) => ({ toasts: [...toasts.slice(-2), { ...toast, id }] }));
    },
    closeToast: (id) => set(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
    fail: (error) => get().toast({ kind: 'problem', content: { error: errorDataOf(error) } }),
  }));
}
