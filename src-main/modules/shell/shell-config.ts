import { z } from 'zod';
import type { SettingDefinition } from '../../platform/config/index.ts';

/** An Electron accelerator: at least one modifier or a function key, so that no ordinary key is taken from other programs. Empty = none. */
const ACCELERATOR =
  /^$|^(?:(?:CommandOrControl|CmdOrCtrl|Command|Control|Ctrl|Alt|Option|AltGr|Shift|Super|Meta)\+)+[\w`\-=[\]\\;',./]+$|^F(?:[1-9]|1\d|2[0-4])$/;

export const pushToTalkShortcut = {
  key: 'shortcuts.pushToTalk',
  subject: 'shortcuts',
  kind: 'shortcut',
  level: 'common',
  defaultValue: 'CommandOrControl+Shift+Space',
  schema: z.string().max(60).regex(ACCELERATOR),
  description:
    'Starts and ends talking while another program has the focus, as an Electron accelerator; empty = no shortcut. Takes effect at once.',
} as const satisfies SettingDefinition<string>;

export const closeToTray = {
  key: 'appearance.closeToTray',
  subject: 'appearance',
  kind: 'switch',
  level: 'common',
  defaultValue: false,
  schema: z.boolean(),
  description: 'Closing the window keeps the app in the tray, ready for the shortcut; off = closing quits.',
} as const satisfies SettingDefinition<boolean>;

export const shellSettings = [pushToTalkShortcut, closeToTray];
