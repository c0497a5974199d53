import { z } from 'zod';
import type { Config, SettingDefinition } from '../../platform/config/index.ts';
import type { VoiceServer } from '../contracts/index.ts';

/** A speech server; empty = none. What is spoken is sent to it, and the sample of a voice that is to be copied. */
export const speechServerAddress = {
  key: 'voice.serverAddress',
  subject: 'voice',
  kind: 'text',
  level: 'advanced',
  defaultValue: '',
  schema: z
    .string()
    .trim()
    .max(2000)
    .refine((typed) => typed === '' || addressOf(typed) !== undefined, 'an address such as http://127.0.0.1:8091/v1'),
  description:
    "Base address of a server with OpenAI's interface for speech (vLLM-Omni, llama.cpp …), for Qwen3-TTS and others; empty = none. Everything that it is to speak is sent there.",
} as const satisfies SettingDefinition<string>;

export const speechServerModel = {
  key: 'voice.serverModel',
  subject: 'voice',
  kind: 'text',
  level: 'advanced',
  defaultValue: 'Qwen/Qwen3-TTS-12Hz-1.7B-CustomVoice',
  schema: z.string().trim().min(1).max(200),
  description:
    'Name of the model on the speech server. A name that ends with "Base" copies voices, one that ends with "VoiceDesign" makes them from words.',
} as const satisfies SettingDefinition<string>;

export const speechServerVoice = {
  key: 'voice.serverVoice',
  subject: 'voice',
  kind: 'text',
  level: 'advanced',
  defaultValue: '',
  schema: z.string().trim().max(120),
  description: "Name of one of the speech server's voices; empty = its own choice.",
} as const satisfies SettingDefinition<string>;

export const speechServerRemote = {
  key: 'voice.serverRemote',
  subject: 'voice',
  kind: 'switch',
  level: 'advanced',
  defaultValue: false,
  schema: z.boolean(),
  description: 'The speech server may be on another machine: then what is spoken and the samples of voices leave this one.',
} as const satisfies SettingDefinition<boolean>;

export const voiceServerSettings = [speechServerAddress, speechServerModel, speechServerVoice, speechServerRemote] as const;

/** The server of the settings; undefined = there is none. */
export function voiceServerOf(config: Pick<Config, 'get'>): VoiceServer | undefined {
  const baseUrl = addressOf(config.get(speechServerAddress));
  if (baseUrl === undefined) return undefined;
  return {
    baseUrl,
    model: config.get(speechServerModel),
    voice: config.get(speechServerVoice),
    remoteAllowed: config.get(speechServerRemote),
  };
}

/** True for a setting that `voiceServerOf` reads. */
export function isVoiceServerSetting(key: string): boolean {
  return voiceServerSettings.some((setting) => setting.key === key);
}

/** The base address, where people leave out "/v1" or paste too much. */
function addressOf(typed: string): string | undefined {
  if (!URL.canParse(typed)) return undefined;
  const { protocol, origin, pathname, username, password, search, hash } = new URL(typed);
  if (!/^https?:$/u.test(protocol) || `${username}${password}${search}${hash}` !== '') return undefined;
  const path = pathname.replace(/\/+$/u, '').replace(/\/audio(?:\/speech)?$/u, '');
  return `${origin}${path === '' ? '/v1' : path}`;
}
