/* The shell's door for the entry with a window. Nothing here may load more than the first picture needs; the rest comes by `loadShell`. */
export { createDesktop } from './desktop.electron.ts';
export { createFaceWindow } from './face-window.electron.ts';
export { createTalkShortcut } from './global-shortcut.electron.ts';
export { createExchangeGate, guardApp, guardSession } from './guards.electron.ts';
export type { ExchangeGate } from './guards.electron.ts';
export { openMainWindow } from './main-window.electron.ts';
export type { MainWindow } from './main-window.electron.ts';
export { PAGE_ORIGIN, registerPageScheme, servePage } from './page-protocol.electron.ts';
export { readLaunchOptions } from './launch-options.ts';
export { shellWords } from './shell-words.ts';
export type { Shell } from './shell.electron.ts';
export type { ShellCommand } from './shell.ts';

/** Tray, menu, keys and the control socket, once the core is there. */
export async function loadShell() {
  return import('./shell.electron.ts');
}
