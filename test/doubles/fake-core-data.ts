import type {
  AppSnapshot,
  CallResult,
  Conversation,
  Message,
  ModelView,
  Notice,
  SessionSnapshot,
  Setting,
} from '../../src-preload/contract/index.ts';
import { conversationSettings } from '../../src-main/modules/conversation/conversation-config.ts';
import { faceServerSettings } from '../../src-main/inference/face-servers/face-servers-config.ts';
import { charactersSettings } from '../../src-main/modules/characters/characters-config.ts';
import { killSwitchSettings } from '../../src-main/modules/killswitch/killswitch-config.ts';
import { telephonySettings } from '../../src-main/modules/telephony/telephony-config.ts';
import { toolsSettings } from '../../src-main/modules/tools/tools-config.ts';
import { shellSettings } from '../../src-main/modules/shell/shell-config.ts';
import { windowSettings } from '../../src-main/modules/shell/window-config.ts';

/* What the fake core knows: enough to fill every screen, in the sizes and shapes that real data has. */

export const NOW_MS = Date.now();
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const GIGABYTE = 1e9;
const MEGABYTE = 1e6;

/** Before the voice is switched on. */
export const NO_SESSION: SessionSnapshot = {
  sessionId: null,
  characterId: 'default',
  conversationId: null,
  talk: { state: 'off', reason: 'not-started' },
  mode: 'hands-free',
  muted: false,
  pressed: false,
};

export function fakeSettings(): Setting[] {
  return [
    ...conversationSettings,
    ...shellSettings,
    ...windowSettings,
    ...charactersSettings,
    ...faceServerSettings,
    ...toolsSettings,
    ...telephonySettings,
    ...killSwitchSettings,
  ].map((definition) => {
    const { schema: _schema, description: _description, ...setting } = definition as typeof definition & { choices?: readonly string[] };
    return { ...setting, value: definition.defaultValue, choices: setting.choices ? [...setting.choices] : undefined } as Setting;
  });
}

export function fakeSnapshot(patch: Partial<AppSnapshot> = {}): AppSnapshot {
  return {
    version: '0.1.0',
    door: 'window',
    locale: 'en',
    platform: 'linux',
    firstRun: false,
    parts: [
      { part: 'recognition', status: 'ready' },
      { part: 'language', status: 'ready' },
      { part: 'synthesis', status: 'ready' },
      { part: 'store', status: 'ready' },
    ],
    notices: [],
    pushToTalkShortcut: { accelerator: 'Ctrl+Shift+Space', registered: true, hold: false },
    ...patch,
  };
}

export const FAKE_NOTICES: Notice[] = [
  {
    id: 'n1',
    level: 'info',
    code: 'config.damaged',
    message: 'The settings file was damaged. It was kept aside and defaults are used.',
    details: { fileName: 'config.damaged-2026.json' },
    action: 'open-settings',
  },
  {
    id: 'n2',
    level: 'needs-you',
    code: 'microphone.ended',
    message: 'The microphone stopped sending sound. Choose another one or plug it in again.',
    details: { device: 'USB Audio Device' },
    action: 'choose-microphone',
    part: 'microphone',
  },
  {
    id: 'n3',
    level: 'problem',
    code: 'worker.broken',
    message: 'Speech recognition stopped three times within a minute.',
    details: { part: 'recognition' },
    action: 'restart-part',
    part: 'recognition',
  },
];

const ANSWERS = {
  planet:
    'The largest planet is Jupiter. It is about eleven times as wide as the Earth, and more than twice as heavy as all other planets together.',
  code: `You can add them with a small function:

\`\`\`python
def mean(values: list[float]) -> float:
    """Arithmetic mean; an empty list has none."""
    if not values:
        raise ValueError("no values")
    return sum(values) / len(values)
\`\`\`

It works for **any list of numbers**, and the rest follows:

1. call \`mean([1, 2, 3])\`
2. read the [documentation](https://docs.python.org/3/library/statistics.html)
3. look at the table

| name | value |
| --- | ---: |
| mean | 2.0 |
| median | 2.0 |

> Numbers are not everything.

![diagram of the mean](https://example.com/mean.png)`,
  interrupted:
    'The Baltic Sea is a young sea. It came into being when the ice of the last ice age melted, about twelve thousand years ago. Its water is brackish, which means that it is a mixture of fresh water and salt water.',
} as const;

export function fakeMessages(conversationId: string): Message[] {
  const base = NOW_MS - 20 * MINUTE_MS;
  const rows: [Message['role'], string, Partial<Message>][] = [
    ['user', 'What is the largest planet?', { medium: 'voice' }],
    ['assistant', ANSWERS.planet, { medium: 'voice', heardChars: ANSWERS.planet.length }],
    ['user', 'How do I compute a mean in Python?', { medium: 'text' }],
    ['assistant', ANSWERS.code, { medium: 'text' }],
    ['user', 'Tell me about the Baltic Sea.', { medium: 'voice' }],
    ['assistant', ANSWERS.interrupted, { medium: 'voice', heardChars: 62, status: 'interrupted' }],
  ];
  return rows.map(([role, text, patch], index) => ({
    id: `${conversationId}-m${index}`,
    conversationId,
    role,
    text,
    medium: 'text',
    language: 'en',
    heardChars: null,
    status: 'complete',
    createdAtMs: base + index * MINUTE_MS,
    ...patch,
  }));
}

/** A year of talk: one long conversation. */
export function manyMessages(conversationId: string, count: number): Message[] {
  const templates = fakeMessages(conversationId);
  return Array.from({ length: count }, (_, index) => {
    const template = templates[index % templates.length] ?? fakeMessages(conversationId)[0];
    if (!template) throw new Error('no templates');
    return { ...template, id: `${conversationId}-y${index}`, createdAtMs: NOW_MS - (count - index) * 20 * MINUTE_MS };
  });
}

export function fakeConversations(count: number): Conversation[] {
  const titles = [
    'The largest planet',
    'Recipe for bread with little yeast and a long night in the refrigerator, for two loaves',
    'Plan for Thursday',
    'Donaudampfschifffahrtsgesellschaftskapitänspatentverlängerung',
    '',
    'Why is the sky blue?',
  ];
  return Array.from({ length: count }, (_, index) => ({
    id: `c${index}`,
    title: titles[index % titles.length] ?? '',
    createdAtMs: NOW_MS - index * DAY_MS * 1.3,
    updatedAtMs: NOW_MS - 10 * MINUTE_MS - index * DAY_MS * 1.3,
    messageCount: 6,
    preview: 'The Baltic Sea is a young sea. It came into being when the ice',
  }));
}

function model(patch: Pick<ModelView, 'id' | 'name' | 'job'> & Partial<ModelView>): ModelView {
  return {
    engine: 'llama',
    languages: ['en'],
    sizeBytes: 98 * MEGABYTE,
    memoryBytes: 470 * MEGABYTE,
    licence: 'Apache-2.0',
    packs: [],
    verification: 'hash',
    origin: 'manifest',
    fit: 'fits',
    status: { status: 'absent' },
    ...patch,
  };
}

const installed = (sizeBytes: number, inUse: boolean): ModelView['status'] => ({ status: 'installed', sizeBytes, inUse });

export function fakeModels(): CallResult<'models.list'> {
  return {
    models: [
      model({
        id: 'smollm2-135m-instruct-q4',
        name: 'SmolLM2 135M Instruct',
        job: 'language',
        packs: ['starter'],
        status: installed(98 * MEGABYTE, true),
      }),
      model({
        id: 'qwen3-4b',
        name: 'Qwen3 4B Instruct',
        job: 'language',
        languages: ['en', 'de', 'fr', 'es', 'it', 'pt', 'zh', 'ja'],
        sizeBytes: 2.5 * GIGABYTE,
        memoryBytes: 3.9 * GIGABYTE,
        packs: ['recommended'],
        verification: 'hub',
        status: {
          status: 'downloading',
          receivedBytes: 0.9 * GIGABYTE,
          totalBytes: 2.5 * GIGABYTE,
          bytesPerSecond: 9.2 * MEGABYTE,
          secondsLeft: 174,
        },
      }),
      model({
        id: 'qwen3-14b',
        name: 'Qwen3 14B Instruct',
        job: 'language',
        languages: ['en', 'de'],
        sizeBytes: 9 * GIGABYTE,
        memoryBytes: 11 * GIGABYTE,
        fit: 'slow',
        verification: 'hub',
      }),
      model({
        id: 'qwen3-32b',
        name: 'Qwen3 32B Instruct',
        job: 'language',
        sizeBytes: 20 * GIGABYTE,
        memoryBytes: 24 * GIGABYTE,
        fit: 'does-not-fit',
      }),
      model({
        id: 'own',
        name: 'my-finetune-q5_k_m',
        job: 'language',
        origin: 'imported',
        licence: '–',
        status: installed(GIGABYTE, false),
      }),
      model({
        id: 'moonshine-tiny-en',
        name: 'Moonshine Tiny',
        job: 'recognition',
        engine: 'sherpa',
        sizeBytes: 43 * MEGABYTE,
        memoryBytes: 120 * MEGABYTE,
        licence: 'MIT',
        packs: ['starter'],
        status: installed(43 * MEGABYTE, true),
      }),
      model({
        id: 'whisper-base',
        name: 'Whisper Base',
        job: 'recognition',
        engine: 'sherpa',
        languages: ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt'],
        sizeBytes: 145 * MEGABYTE,
        memoryBytes: 590 * MEGABYTE,
        licence: 'MIT',
        packs: ['starter'],
        status: { status: 'paused', receivedBytes: 60 * MEGABYTE, totalBytes: 145 * MEGABYTE },
      }),
      model({
        id: 'piper-en-us-joe',
        name: 'Joe',
        job: 'synthesis',
        engine: 'piper',
        sizeBytes: 63 * MEGABYTE,
        memoryBytes: 150 * MEGABYTE,
        licence: 'CC0',
        packs: ['starter'],
        status: installed(63 * MEGABYTE, true),
      }),
      model({
        id: 'piper-de-thorsten',
        name: 'Thorsten',
        job: 'synthesis',
        engine: 'piper',
        languages: ['de'],
        sizeBytes: 113 * MEGABYTE,
        licence: 'CC0',
        packs: ['recommended'],
        status: {
          status: 'failed',
          code: 'model.no-network',
          message: 'The model hub cannot be reached. Check the network and try again.',
          receivedBytes: 0,
        },
      }),
      model({
        id: 'silero-vad-v6',
        name: 'Silero VAD 6',
        job: 'voice-activity',
        engine: 'onnx',
        languages: [],
        sizeBytes: 2.3 * MEGABYTE,
        memoryBytes: 20 * MEGABYTE,
        licence: 'MIT',
        status: installed(2.3 * MEGABYTE, true),
      }),
    ],
    hardware: {
      cpuName: 'AMD Ryzen 7 7840U',
      cores: 8,
      memoryBytes: 32 * GIGABYTE,
      freeMemoryBytes: 18 * GIGABYTE,
      freeDiskBytes: 412 * GIGABYTE,
      gpus: [],
    },
    plan: {
      tier: 'cpu-8',
      budget: { language: 4 * GIGABYTE, recognition: GIGABYTE, synthesis: GIGABYTE },
      device: 'cpu',
      recommendedPack: ['qwen3-4b', 'piper-de-thorsten'],
      usedBytes: 0.76 * GIGABYTE,
      totalBytes: 16 * GIGABYTE,
    },
    backend: { kind: 'local', modelId: 'smollm2-135m-instruct-q4' },
    modelsDirectory: '/home/user/.local/share/openclaw-desktop/models',
  };
}
