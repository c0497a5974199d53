/** What may pull the off-switch. Apart from its schema, because the watchdog reads it and must not load zod. */
export const killTriggers = [
  'tray',
  'shortcut',
  'window',
  'voice',
  'typed',
  'api',
  'cli',
  'button',
  'file',
  'watchdog',
  'phone',
  'message',
  'latch-unreadable',
  'drill',
] as const;
