/** Keys that are not a letter or digit, as Electron's accelerators call them. */
const NAMED: Record<string, string> = {
  Space: 'Space',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Tab: 'Tab',
  Enter: 'Return',
  Backspace: 'Backspace',
  Delete: 'Delete',
  Insert: 'Insert',
  Home: 'Home',
  End: 'End',
  PageUp: 'PageUp',
  PageDown: 'PageDown',
  Minus: '-',
  Equal: '=',
  Comma: ',',
  Period: '.',
  Slash: '/',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  BracketLeft: '[',
  BracketRight: ']',
  Backquote: '`',
};

/**
 * The accelerator for a key press, `CommandOrControl+Shift+Space`; undefined while only modifiers are down, and for a plain letter, which would be lost
 * to every other program.
 */
export function acceleratorOf(event: Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey'>): string | undefined {
  const key = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1] ?? /^F\d{1,2}$/.exec(event.code)?.[0] ?? NAMED[event.code];
  const isFunctionKey = /^F\d/.test(event.code);
  const modifiers = [(event.ctrlKey || event.metaKey) && 'CommandOrControl', event.altKey && 'Alt', event.shiftKey && 'Shift'].filter(
    (modifier) => modifier !== false,
  );
  const strongEnough = isFunctionKey || modifiers.some((modifier) => modifier !== 'Shift');
  return key === undefined || !strongEnough ? undefined : [...modifiers, key].join('+');
}
