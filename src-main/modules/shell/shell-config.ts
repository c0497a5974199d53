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

export const faceWindowShape = {
  key: 'appearance.faceWindowShape',
  subject: 'appearance',
  kind: 'choice',
  level: 'common',
  defaultValue: 'portrait',
  schema: z.enum(['portrait', 'round']),
  choices: ['portrait', 'round'],
  description: 'Outline of the small window with the face alone.',
} as const satisfies SettingDefinition<'portrait' | 'round'>;

export const faceWindowClickThrough = {
  key: 'appearance.faceWindowClickThrough',
  subject: 'appearance',
  kind: 'switch',
  level: 'common',
  defaultValue: false,
  schema: z.boolean(),
  description: 'The small window with the face lets clicks through to what lies below; it is then moved and closed from elsewhere only.',
} as const satisfies SettingDefinition<boolean>;

export const shellSettings = [pushToTalkShortcut, closeToTray, faceWindowShape, faceWindowClickThrough];
