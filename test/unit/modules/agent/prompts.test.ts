import { describe, expect, it } from 'vitest';
import {
  asksForTime,
  exampleExchanges,
  isSmall,
  summaryLine,
  summaryRequest,
  systemPromptText,
  type PromptFacts,
} from '../../../../src-main/modules/agent/prompts.ts';
import { createAgentRig } from '../../../doubles/agent-rig.ts';
import { BENCH_START_MS } from '../../../doubles/history-bench.ts';
import { shippedCharacter } from '../../../doubles/shipped-characters.ts';

const facts: PromptFacts = { callType: 'desktop-voice', language: 'en', userName: '', nowMs: BENCH_START_MS };
const nova = shippedCharacter('default');
const timeOf = (locale: string): string => new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' }).format(facts.nowMs);

describe('systemPromptText', () => {
  it('fills in the time, the kind of conversation, the language and the name', () => {
    const template = 'At {current_time}, {call_type}, in {language}.{user_name}';
    expect(systemPromptText(template, nova, undefined, { ...facts, userName: ' Ada ' })).toBe(
      `At ${timeOf('en-GB')}, spoken, in English. You are talking to Ada.`,
    );
    expect(systemPromptText(template, nova, undefined, { ...facts, userName: 'Ada', language: 'de', callType: 'browser-text' })).toBe(
      `At ${timeOf('de-DE')}, geschrieben, in Deutsch. Du sprichst mit Ada.`,
    );
  });

  it("leaves other braces in the owner's own prompt alone, and a name cannot bring placeholders in", () => {
    expect(systemPromptText('{"a": {x}} {language}', nova, undefined, facts)).toBe('{"a": {x}} English');
    expect(systemPromptText('Hi.{user_name}', nova, undefined, { ...facts, userName: '{current_time}' })).toBe(
      'Hi. You are talking to {current_time}.',
    );
  });

  it('uses ours when the own one is only white space', () => {
    expect(systemPromptText(' \n', nova, undefined, facts)).toBe(systemPromptText('', nova, undefined, facts));
  });

  it.each([
    ['en', 'desktop-voice', 'spoken aloud'],
    ['en', 'browser-text', 'read on a screen'],
    ['de', 'browser-voice', 'laut gesprochen'],
    ['de', 'desktop-text', 'wird gelesen'],
  ] as const)('tells a model of ordinary size in %s how a %s answer is to be', (language, callType, words) => {
    expect(systemPromptText('', nova, 4_000_000_000, { ...facts, language, callType })).toContain(words);
  });

  it('names any other language in English, so that every model knows it', () => {
    expect(systemPromptText('', nova, undefined, { ...facts, language: 'pt' })).toContain('Answer in Portuguese.');
  });

  it.each(['en', 'de', 'fr'])('leaves no placeholder open in %s', (language) => {
    for (const size of [135_000_000, 8_000_000_000, undefined])
      expect(systemPromptText('', nova, size, { ...facts, language })).not.toMatch(/[{}]/);
  });

  it('gives a small model one plain instruction', () => {
    expect(systemPromptText('', nova, 135_000_000, facts).length).toBeLessThan(120);
  });
});

describe('exampleExchanges', () => {
  it.each(['en', 'de'])('shows a small model in %s how to answer, with the time filled in', (language) => {
    const examples = exampleExchanges('', nova, 135_000_000, { ...facts, language });
    expect(examples.map(({ role }) => role).join(' ')).toMatch(/^(?:user assistant ?)+$/);
    expect(examples.some(({ text }) => text.includes(timeOf(language === 'de' ? 'de-DE' : 'en-GB')))).toBe(true);
    expect(examples.every(({ text }) => !/[{}]/.test(text))).toBe(true);
  });

  it("are none for a larger model and none beside the owner's own prompt", () => {
    expect(exampleExchanges('', nova, 4_000_000_000, facts)).toEqual([]);
    expect(exampleExchanges('', nova, undefined, facts)).toEqual([]);
    expect(exampleExchanges('Be a pirate.', nova, 135_000_000, facts)).toEqual([]);
  });
});

describe('a persona', () => {
  const rex = shippedCharacter('cyberpunk-host');
  const bare = { name: 'Ada', systemPrompt: { en: '', de: '' }, examples: { en: [], de: [] } };

  it('speaks to a large model in all its words, followed by what every character is told', () => {
    const text = systemPromptText('', rex, 8_000_000_000, { ...facts, userName: 'Ada' });
    expect(text.startsWith(`${rex.systemPrompt.en}\nAnswer in English. It is ${timeOf('en-GB')}.`)).toBe(true);
    expect(text).toContain('You are talking to Ada.');
  });

  it('tells a small model its first sentence alone', () => {
    expect(systemPromptText('', rex, 135_000_000, facts)).toBe(
      'You are Rex, a fast and ironic TV host in the year 2089. Answer in one or two short sentences.',
    );
    expect(exampleExchanges('', rex, 135_000_000, facts).at(-1)?.text).toContain('I am Rex');
  });

  it.each(['en', 'de'])("without words of its own gets the app's, with its name, in %s", (language) => {
    for (const size of [135_000_000, 8_000_000_000])
      expect(systemPromptText('', bare, size, { ...facts, language })).toMatch(/^(?:You are|Du bist) Ada, /);
    expect(exampleExchanges('', bare, 135_000_000, { ...facts, language })[1]?.text).toContain('Ada');
  });

  it('that is one endless sentence is cut for a small model', () => {
    const endless = { ...bare, systemPrompt: { en: `You are Ada${' and so on'.repeat(400)}`, de: '' } };
    expect(systemPromptText('', endless, 135_000_000, facts).length).toBeLessThan(300);
  });

  it("gives way to the owner's own prompt", () => {
    expect(systemPromptText('Be a pirate.', rex, undefined, facts)).toBe('Be a pirate.');
  });
});

describe('asksForTime', () => {
  it.each(['What time is it?', 'Do you have the time', 'Wie spät ist es?', 'Wie viel Uhr haben wir?', 'Quelle heure est-il ?'])(
    'is true of "%s"',
    (question) => {
      expect(asksForTime(question)).toBe(true);
    },
  );
  it.each(['What is the capital of France?', 'Sometimes I wonder', 'Tell me a story about a uhrwerkmacher'])(
    'is false of "%s"',
    (question) => {
      expect(asksForTime(question)).toBe(false);
    },
  );
});

describe('isSmall', () => {
  it('is below a billion parameters; an unknown size is not small', () => {
    expect([135e6, 999_999_999, 1e9, undefined].map(isSmall)).toEqual([true, true, false, false]);
  });
});

describe('summaryRequest', () => {
  it('carries the earlier summary along, in the language of the conversation', () => {
    expect(summaryRequest('Ada likes tea.', 'user: Hello', 'en').user).toBe('So far: Ada likes tea.\n\nuser: Hello\n\nSummary:');
    expect(summaryRequest('Ada mag Tee.', 'user: Hallo', 'de').user).toBe('Bisher: Ada mag Tee.\n\nuser: Hallo\n\nZusammenfassung:');
    expect(summaryRequest('', 'user: Hello', 'en').user).toBe('user: Hello\n\nSummary:');
    expect(summaryRequest('', '', 'de').system).toContain('Fasse');
  });
});

describe('summaryLine', () => {
  it('introduces the summary in the language of the conversation', () => {
    expect([summaryLine('Tea.', 'en'), summaryLine('Tee.', 'de')]).toEqual([
      'Earlier in this conversation: Tea.',
      'Früher in diesem Gespräch: Tee.',
    ]);
  });
});

describe("createAgent's system prompt", () => {
  it("is the owner's with everything filled in, by the call's language and kind", async () => {
    const rig = await createAgentRig({
      settings: {
        'languageModel.systemPrompt': '{language}, {call_type}, {current_time}.{user_name}',
        'languageModel.userName': 'Ada',
      },
    });
    await rig.ask('Hallo?', { language: 'de', callType: 'desktop-text' });
    expect(rig.last().messages[0]).toEqual({
      role: 'system',
      text: `Deutsch, geschrieben, ${timeOf('de-DE')}. Du sprichst mit Ada.`,
    });
  });

  it('is written for the size of the model', async () => {
    const small = await createAgentRig({ parameterCount: 135_000_000 });
    const large = await createAgentRig({ parameterCount: 8_000_000_000 });
    for (const rig of [small, large]) await rig.ask('Hello?');
    expect(small.last().messages[0]?.text).not.toContain('Nothing leaves the machine');
    expect(large.last().messages[0]?.text).toContain('Nothing leaves the machine');
  });

  it('is that of the character who answers, from one question to the next, and the conversation goes on', async () => {
    const rig = await createAgentRig({ parameterCount: 8_000_000_000 });
    rig.say('user', 'My name is Ada.');
    rig.say('assistant', 'Hello Ada.');
    const names = [];
    for (const characterId of ['default', 'cyberpunk-host', 'deleted']) {
      await rig.ask('Who are you?', { characterId });
      names.push(/^You are (\w+)/.exec(rig.last().messages[0]?.text ?? '')?.[1]);
      expect(rig.last().messages.slice(1, 3)).toEqual([
        { role: 'user', text: 'My name is Ada.' },
        { role: 'assistant', text: 'Hello Ada.' },
      ]);
    }
    expect(names).toEqual(['Nova', 'Rex', 'Nova']);
  });

  it('keeps its time for ten minutes, so that the evaluated prefix stays valid, and no longer', async () => {
    const rig = await createAgentRig({ settings: { 'languageModel.systemPrompt': '{current_time}' } });
    const system = async (question = 'How are you?'): Promise<string | undefined> => {
      await rig.ask(question);
      return rig.last().messages[0]?.text;
    };
    const first = await system();
    await rig.clock.advance(9 * 60_000);
    expect(await system()).toBe(first);
    await rig.clock.advance(2 * 60_000);
    expect(await system()).not.toBe(first);
  });

  it('knows the minute when the question is for the time', async () => {
    const rig = await createAgentRig({ settings: { 'languageModel.systemPrompt': '{current_time}' } });
    await rig.ask('How are you?');
    await rig.clock.advance(3 * 60_000);
    await rig.ask('What time is it?');
    expect(rig.last().messages[0]?.text).toBe(
      new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short' }).format(rig.clock.wallMs()),
    );
  });

  it('cools a small model down to a third, and hands a large one the setting as it is', async () => {
    for (const [parameterCount, temperature] of [
      [135_000_000, 0.2],
      [8_000_000_000, 0.6],
    ] as const) {
      const rig = await createAgentRig({ parameterCount, settings: { 'languageModel.temperature': 0.6 } });
      await rig.ask('Hello?');
      expect(rig.last().temperature).toBeCloseTo(temperature);
    }
  });
});
