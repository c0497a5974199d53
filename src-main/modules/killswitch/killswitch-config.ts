import { z } from 'zod';
import type { SettingDefinition } from '../../platform/config/index.ts';

/** A modifier at least, so that no ordinary key stops everything. Empty = none. */
const ACCELERATOR =
  /^$|^(?:(?:CommandOrControl|CmdOrCtrl|Command|Control|Ctrl|Alt|Option|AltGr|Shift|Super|Meta)\+)+[\w`\-=[\]\\;',./]+$|^F(?:[1-9]|1\d|2[0-4])$/;

export const killSwitchShortcut = {
  key: 'killswitch.shortcut',
  subject: 'shortcuts',
  kind: 'shortcut',
  level: 'common',
  defaultValue: 'CommandOrControl+Alt+Shift+Escape',
  schema: z.string().max(60).regex(ACCELERATOR),
  description: 'Stops everything while any program has the focus, as an Electron accelerator; empty = no shortcut. Takes effect at once.',
} as const satisfies SettingDefinition<string>;

/** `hid:VENDOR:PRODUCT` in hexadecimal, `serial:PATH` with an optional `@BAUD`, `file:PATH` of a FIFO or a terminal. */
const BUTTON = /^$|^hid:[0-9a-fA-F]{4}:[0-9a-fA-F]{4}$|^serial:[^@\s]{1,200}(?:@\d{2,7})?$|^file:\S.{0,300}$/;

export const killSwitchButton = {
  key: 'killswitch.button',
  subject: 'advanced',
  kind: 'text',
  level: 'advanced',
  defaultValue: '',
  schema: z.string().trim().max(320).regex(BUTTON),
  description:
    'A button on the desk: hid:VVVV:PPPP (vendor and product in hexadecimal), serial:PATH[@BAUD] or file:PATH (a FIFO); empty = none. A device that is lost stops everything, too.',
} as const satisfies SettingDefinition<string>;

const limit = (
  name: string,
  defaultValue: number,
  max: number,
  unit: string,
  description: string,
): SettingDefinition<number> & { key: `killswitch.${string}` } => ({
  key: `killswitch.${name}`,
  subject: 'advanced',
  kind: 'number',
  level: 'advanced',
  defaultValue,
  schema: z.number().int().min(0).max(max),
  min: 0,
  max,
  step: 1,
  unit,
  description,
});

export const heartbeatLimit = limit(
  'heartbeatSeconds',
  5,
  600,
  's',
  'The watchdog stops everything when the app has not answered for so long; 0 = never.',
);
export const memoryLimit = limit(
  'memoryPercent',
  90,
  100,
  '%',
  'The watchdog stops everything when the app’s processes hold more than this part of the memory of the machine; 0 = never.',
);
export const cpuLimit = limit(
  'cpuSeconds',
  120,
  3600,
  's',
  'The watchdog stops everything when the app’s main process or a tool has kept a core busy for so long without a pause; 0 = never.',
);
export const toolCallLimit = limit(
  'toolCallsPerMinute',
  120,
  10_000,
  'per min',
  'The watchdog stops everything beyond so many tool calls a minute; 0 = never.',
);
export const tokenLimit = limit(
  'tokensPerMinute',
  60_000,
  10_000_000,
  'per min',
  'The watchdog stops everything beyond so many tokens of the language model a minute; 0 = never.',
);
export const errorLimit = limit(
  'errorsPerMinute',
  300,
  100_000,
  'per min',
  'The watchdog stops everything beyond so many errors a minute; 0 = never.',
);

export const killSwitchSettings = [
  killSwitchShortcut,
  killSwitchButton,
  heartbeatLimit,
  memoryLimit,
  cpuLimit,
  toolCallLimit,
  tokenLimit,
  errorLimit,
];
