import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { AppError } from '../../../../src-main/base/errors.ts';
import { createLanguage, languageSettings, type Language } from '../../../../src-main/inference/language/index.ts';
import { createConfig, type Config } from '../../../../src-main/platform/config/index.ts';
import type { CallResult, LanguageBackend } from '../../../../src-preload/contract/index.ts';
import {
  claudeDialect,
  closedAddress,
  openAiDialect,
  startLanguageServer,
  type LanguageServer,
  type ServerDialect,
} from '../../../doubles/language-server.ts';
import { createLanguageWorkerRig, type LanguageWorkerRig } from '../../../doubles/language-worker-rig.ts';

const KEY = 'sk-secret-0123456789abcdef';
const PAGE = { door: 'window', clientId: 'page' } as const;
const HELLO = [{ role: 'user', text: 'Hello?' }] as const;

interface ServiceRig extends LanguageWorkerRig {
  language: Language;
  config: Config;
  statuses: string[];
  /** What is missing of the models; undefined = all there. */
  models: { problem: AppError | undefined; used: string[] };
  secrets: Map<string, string>;
  setBackend(backend: LanguageBackend): Promise<void>;
  testBackend(backend: LanguageBackend): Promise<CallResult<'models.testBackend'>>;
  /** Waits for real files and sockets while time goes on. */
  become(status: string): Promise<void>;
  ask(): Promise<string>;
}

async function setUp(options: { settings?: Record<string, string | number | boolean>; claudeBaseUrl?: string } = {}): Promise<ServiceRig> {
  const rig = await createLanguageWorkerRig();
  const { clock, log, dataDirectory } = rig;
  const config = createConfig({ dataDirectory, definitions: languageSettings, clock, log });
  for (const [key, value] of Object.entries(options.settings ?? {})) await config.set(key, value);
  const models: ServiceRig['models'] = { problem: undefined, used: [] };
  const secrets = new Map<string, string>();
  const language = createLanguage({
    worker: rig.worker,
    async modelFile(modelId = 'tiny') {
      if (models.problem) throw models.problem;
      return { modelId, name: `Model ${modelId}`, path: `/models/${modelId}.gguf`, memoryBytes: 1, languages: ['en'] };
    },
    useModel: async (modelId) => void models.used.push(modelId),
    config,
    readSecret: (name) => secrets.get(name),
    dataDirectory,
    clock,
    log,
    cores: 8,
    ...(options.claudeBaseUrl === undefined ? {} : { claudeBaseUrl: options.claudeBaseUrl }),
  });
  onTestFinished(() => language.dispose());
  const describeStatus = (): string => {
    const status = language.status();
    return [status.status, 'name' in status ? status.name : '', 'error' in status ? status.error.code : ''].filter(Boolean).join(' ');
  };
  const statuses: string[] = [];
  language.onStatus(() => statuses.push(describeStatus()));
  return {
    ...rig,
    language,
    config,
    statuses,
    models,
    secrets,
    become: (status) =>
      vi.waitFor(async () => {
        await clock.advance(1_000);
        expect(describeStatus()).toBe(status);
      }),
    setBackend: async (backend) => language.handlers['models.setBackend'](backend, PAGE),
    testBackend: async (backend) => language.handlers['models.testBackend'](backend, PAGE),
    ask: async () => (await language.model.generate(HELLO, { maxTokens: 9, temperature: 0 })).text,
  };
}

async function startAnswering(dialect: ServerDialect): Promise<LanguageServer> {
  const server = await startLanguageServer(dialect);
  server.onChat((chat) => chat.end(dialect.begin + dialect.words('Ada.') + dialect.end()));
  return server;
}

const local: LanguageBackend = { kind: 'local', modelId: '' };

describe("createLanguage's local model", () => {
  it('is opened in the background once the app may load models, as the settings say', async () => {
    const rig = await setUp({ settings: { 'languageModel.contextTokens': 8192, 'languageModel.gpu': false } });
    expect(rig.language.status()).toEqual({ status: 'off' });
    await rig.config.set('languageModel.contextTokens', 2048);
    expect(rig.loads()).toEqual([]);
    rig.language.begin();
    await rig.become('ready Model tiny');
    expect(rig.statuses).toEqual(['off', 'starting', 'ready Model tiny']);
    expect(rig.loads()).toEqual([{ modelPath: '/models/tiny.gguf', contextTokens: 2048, threads: 4, gpu: false, plainCpu: false }]);
    expect(rig.language.backend()).toEqual({ kind: 'local', modelId: 'tiny' });
  });

  it('is loaded anew when one of its settings changes', async () => {
    const rig = await setUp();
    rig.language.begin();
    await rig.become('ready Model tiny');
    await rig.config.set('languageModel.threads', 3);
    await vi.waitFor(() => expect(rig.statuses.filter((status) => status === 'ready Model tiny')).toHaveLength(2));
    expect(rig.loads().map(({ threads }) => threads)).toEqual([4, 3]);
  });

  it.each([
    [new AppError('model.missing', 'It is not there.'), 'missing model.missing'],
    [new AppError('model.truncated', 'It is broken.'), 'broken model.truncated'],
    [new TypeError('oops'), 'broken language.failed'],
  ])('says what is wrong with it: %s', async (problem, expected) => {
    const rig = await setUp();
    Object.assign(rig.models, { problem });
    rig.language.begin();
    await rig.become(expected);
    expect(rig.log.messages('warn')).toEqual(['language.not-opened']);
  });

  it('is opened as soon as it has been installed', async () => {
    const rig = await setUp();
    rig.models.problem = new AppError('model.missing', 'It is not there.');
    rig.language.begin();
    await rig.become('missing model.missing');
    rig.models.problem = undefined;
    rig.language.modelsChanged({ modelId: 'voice', job: 'synthesis', reason: 'installed' });
    rig.language.modelsChanged({ modelId: 'tiny', job: 'language', reason: 'installed' });
    await rig.become('ready Model tiny');
    expect(rig.loads()).toHaveLength(1);
  });

  it('lets go of its file when that is to be replaced, and is opened again by the next request', async () => {
    const rig = await setUp();
    rig.language.begin();
    await rig.become('ready Model tiny');
    await rig.language.release('other');
    expect(rig.language.status()).toMatchObject({ status: 'ready' });
    await rig.language.release('tiny');
    expect(rig.language.status()).toEqual({ status: 'off' });
    expect(rig.launcher.latest().messages.at(-1)).toMatchObject({ type: 'shutdown' });
    const counting = rig.language.model.countTokens(['one']);
    await rig.become('ready Model tiny');
    await rig.reply('countTokens', [1]);
    expect(await counting).toEqual([1]);
  });

  it('ends its process with the app', async () => {
    const rig = await setUp();
    rig.language.begin();
    await rig.become('ready Model tiny');
    await rig.language.dispose();
    expect(rig.launcher.latest().messages.at(-1)).toMatchObject({ type: 'shutdown' });
    await rig.config.set('languageModel.threads', 3);
    await rig.clock.advance(10_000);
    expect(rig.loads()).toHaveLength(1);
  });
});

describe("createLanguage's setBackend", () => {
  it('changes to a server without a restart, and the process of the local model ends', async () => {
    const server = await startAnswering(openAiDialect);
    const rig = await setUp();
    rig.language.begin();
    await rig.become('ready Model tiny');
    const model = rig.language.model;
    rig.secrets.set('openai-compatible.apiKey', KEY);
    await rig.setBackend({ kind: 'openai-compatible', baseUrl: server.url, model: 'qwen3:0.6b' });
    expect(await rig.ask()).toBe('Ada.');
    expect(rig.language.model).toBe(model);
    expect(rig.language.status()).toEqual({ status: 'ready', name: 'qwen3:0.6b' });
    expect(rig.language.backend()).toEqual({ kind: 'openai-compatible', baseUrl: server.url, model: 'qwen3:0.6b' });
    expect(rig.launcher.latest().messages.at(-1)).toMatchObject({ type: 'shutdown' });
    expect(server.chats[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
    expect(rig.statuses.filter((status) => status.startsWith('starting'))).toHaveLength(2);
  });

  it('changes back to a local model that it is given', async () => {
    const rig = await setUp({ settings: { 'languageModel.backend': 'claude' } });
    const changed = rig.setBackend({ kind: 'local', modelId: 'large' });
    await rig.become('ready Model large');
    await changed;
    expect(rig.models.used).toEqual(['large']);
    expect(rig.language.backend()).toEqual({ kind: 'local', modelId: 'large' });
  });

  it('refuses an address that is none and changes nothing', async () => {
    const rig = await setUp();
    rig.language.begin();
    await rig.become('ready Model tiny');
    const change = rig.setBackend({ kind: 'openai-compatible', baseUrl: 'my server', model: 'm' });
    await expect(change).rejects.toMatchObject({ code: 'language.bad-address' });
    expect(rig.language.backend()).toEqual({ kind: 'local', modelId: 'tiny' });
    expect(rig.language.status()).toMatchObject({ status: 'ready' });
  });

  it.each([
    [{ kind: 'openai-compatible', baseUrl: 'http://127.0.0.1:1', model: '' }, 'language.not-ready'],
    [{ kind: 'claude', model: 'claude-haiku-4-5' }, 'language.unauthorized'],
  ] as const)('says what is missing of %o', async (backend, code) => {
    const rig = await setUp();
    await expect(rig.setBackend(backend)).rejects.toMatchObject({ code });
    expect(rig.language.status()).toMatchObject({ status: 'missing', error: { code } });
  });

  it('answers through Claude as soon as there is a key', async () => {
    const server = await startAnswering(claudeDialect);
    const rig = await setUp({
      settings: { 'languageModel.backend': 'claude', 'languageModel.claudeModel': 'claude-quick' },
      claudeBaseUrl: server.url,
    });
    rig.language.begin();
    await rig.become('missing language.unauthorized');
    rig.secrets.set('claude.apiKey', KEY);
    expect(await rig.ask()).toBe('Ada.');
    expect(rig.language.status()).toEqual({ status: 'ready', name: 'claude-quick' });
  });

  it('follows "use" on the page of the models, also when a server answers now', async () => {
    const server = await startAnswering(openAiDialect);
    const rig = await setUp({
      settings: {
        'languageModel.backend': 'openai-compatible',
        'languageModel.serverAddress': server.url,
        'languageModel.serverModel': 'qwen3',
      },
    });
    rig.language.begin();
    await rig.become('ready qwen3');
    rig.language.modelsChanged({ modelId: 'tiny', job: 'language', reason: 'installed' });
    rig.language.modelsChanged({ modelId: 'tiny', job: 'language', reason: 'used' });
    await rig.become('ready Model tiny');
    expect(rig.language.backend()).toEqual({ kind: 'local', modelId: 'tiny' });
  });
});

describe("createLanguage's testBackend", () => {
  it('asks a server one question and leaves what is open alone', async () => {
    const server = await startAnswering(openAiDialect);
    const rig = await setUp();
    rig.language.begin();
    await rig.become('ready Model tiny');
    const result = await rig.testBackend({ kind: 'openai-compatible', baseUrl: server.url, model: 'qwen3' });
    expect(result).toEqual({ ok: true, answer: 'Ada.', latencyMs: expect.any(Number) });
    expect(rig.language.status()).toEqual({ status: 'ready', name: 'Model tiny' });
    expect(rig.language.backend()).toEqual({ kind: 'local', modelId: 'tiny' });
  });

  it('tells every failure as a result with a code, without the key', async () => {
    const rig = await setUp();
    rig.secrets.set('openai-compatible.apiKey', KEY);
    const refusing = await startLanguageServer(openAiDialect);
    refusing.onChat((chat) => chat.answer(401, openAiDialect.errorBody(`Incorrect API key provided: ${KEY}`)));
    const test = rig.testBackend;
    const results = [
      await test({ kind: 'openai-compatible', baseUrl: await closedAddress(), model: 'qwen3' }),
      await test({ kind: 'openai-compatible', baseUrl: refusing.url, model: 'qwen3' }),
      await test({ kind: 'openai-compatible', baseUrl: 'my server', model: 'qwen3' }),
      await test({ kind: 'claude', model: 'claude-haiku-4-5' }),
    ];
    expect(results.map((result) => ('code' in result ? result.code : 'ok'))).toEqual([
      'language.unreachable',
      'language.unauthorized',
      'language.bad-address',
      'language.unauthorized',
    ]);
    expect(JSON.stringify([results, rig.log.lines])).not.toContain(KEY);
  });

  it('tries the local model that is open where it is', async () => {
    const rig = await setUp();
    rig.language.begin();
    await rig.become('ready Model tiny');
    const trial = rig.testBackend(local);
    await rig.clock.advance(0);
    await rig.chunk('Hello.');
    await rig.reply('generate', {
      text: 'Hello.',
      finishReason: 'stop',
      toolRequests: [],
      promptTokens: 1,
      cachedPromptTokens: 0,
      completionTokens: 1,
      timeToFirstTokenMs: 1,
    });
    expect(await trial).toMatchObject({ ok: true, answer: 'Hello.' });
    expect(rig.loads()).toHaveLength(1);
  });

  it('lends another local model and brings the first one back', async () => {
    const rig = await setUp();
    rig.language.begin();
    await rig.become('ready Model tiny');
    const trial = rig.testBackend({ kind: 'local', modelId: 'other' });
    await rig.become('ready Model other');
    await rig.refuse('generate', { code: 'language.too-long', message: 'Too long.', details: {} });
    await rig.become('ready Model tiny');
    expect(await trial).toMatchObject({ ok: false, code: 'language.too-long' });
  });
});
