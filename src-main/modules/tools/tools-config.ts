import { z } from 'zod';
import type { SettingDefinition } from '../../platform/config/index.ts';

/** The folder that the assistant may work in; empty = `OpenClaw` in the home folder, made at its first use. */
export const workspaceFolder = {
  key: 'tools.workspace',
  subject: 'tools',
  kind: 'text',
  level: 'common',
  defaultValue: '',
  schema: z.string().trim().max(1_000),
  description:
    'Folder that the assistant may read and write; empty = OpenClaw in the home folder. Nothing outside of it is ever seen by a tool.',
} as const satisfies SettingDefinition<string>;

/** Hosts that http_get and commands with network may reach. */
export const allowedHosts = {
  key: 'tools.allowedHosts',
  subject: 'tools',
  kind: 'long-text',
  level: 'common',
  defaultValue: '',
  schema: z.string().max(8_000),
  description: 'Host names that tools may reach over the network, one a line; *.example.org covers subdomains. Empty = none.',
} as const satisfies SettingDefinition<string>;

/** How long a question waits. */
export const approvalSeconds = {
  key: 'tools.approvalSeconds',
  subject: 'tools',
  kind: 'number',
  level: 'advanced',
  defaultValue: 60,
  schema: z.number().int().min(10).max(600),
  min: 10,
  max: 600,
  step: 10,
  unit: 'seconds',
  description: 'How long a question for approval waits; silence counts as no.',
} as const satisfies SettingDefinition<number>;

/** Where the owner is. */
export const place = {
  key: 'tools.place',
  subject: 'tools',
  kind: 'text',
  level: 'common',
  defaultValue: '',
  schema: z.string().trim().max(120),
  description: 'Where the owner lives, as the assistant may use it ("Hamburg, Germany"); never looked up anywhere. Empty = not told.',
} as const satisfies SettingDefinition<string>;

export const toolsSettings = [workspaceFolder, allowedHosts, approvalSeconds, place];
