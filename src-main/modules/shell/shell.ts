import type { AppSnapshot, EventPayload } from '../../../src-preload/contract/index.ts';
import type { Unsubscribe } from '../../base/dispose.ts';

/** What only a desktop can do. Absent where the core runs without a window. */
export interface Desktop {
  /** The owner's language as the system has it, BCP 47. */
  systemLocale(): string;
  /** In the default browser; the URL has been checked to be http(s). */
  openExternal(url: string): Promise<void>;
  /** Asks for a model file of this machine with a file dialog; undefined = cancelled. */
  pickModelFile(job: 'language' | 'synthesis'): Promise<string | undefined>;
  /** How the global push-to-talk shortcut stands. */
  shortcut(): ShortcutStatus;
  onShortcutChange(listener: () => void): Unsubscribe;
  /** Opens or closes the small window with the face. */
  setFaceWindow(open: boolean): void;
  faceWindowOpen(): boolean;
  onFaceWindowChange(listener: (open: boolean) => void): Unsubscribe;
  /** Asks for a folder with a dialog; undefined = cancelled. */
  pickFolder(): Promise<string | undefined>;
  readClipboard(): string | Promise<string>;
  writeClipboard(text: string): void | Promise<void>;
  /** A notification of the system, where it shows any; a click brings the window to the front. */
  notify(title: string, body: string): void;
  /** The owner is looking at the window. */
  isInFront(): boolean;
  /**
   * Where the window's softphone may connect, as handed to the page: `ws://127.0.0.1:…/ws`; undefined = nowhere. Every other address is refused.
   * Call it with each new address, before the page is told of it.
   */
  allowExchange(url: string | undefined): void;
}

/** `hold` = the system tells when the key is let go; `code` says why it does not work, e.g. `shortcut.taken`, `shortcut.wayland`. */
export type ShortcutStatus = AppSnapshot['pushToTalkShortcut'];

/** What the owner may ask from outside the page: shortcut, tray, menu, a second start, `openclaw talk`. */
export type ShellCommand = EventPayload<'shell.command'>['command'] | 'show' | 'quit' | 'kill';

/** What the tray icon and its first line say. */
export type TrayState = 'stopped' | 'ringing' | 'in-call' | 'offline' | 'muted' | 'speaking' | 'thinking' | 'listening' | 'ready';
