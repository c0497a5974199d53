import { array, asyncProperty, assert, boolean, integer, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createContextWindows, visibleText, type ContextWindow } from '../../../../src-main/modules/agent/context-window.ts';
import type { Message } from '../../../../src-preload/contract/index.ts';
import { createScriptedLanguageModel } from '../../../doubles/scripted-language-model.ts';
import { createVirtualClock } from '../../../doubles/virtual-clock.ts';

/** What the window adds to the tokens of each message for the chat template. */
const TEMPLATE_TOKENS = 8;

/** A history that lies open to the test; each message has as many tokens as asked for. */
function setUp() {
  const messages: Message[] = [];
  const model = createScriptedLanguageModel({ clock: createVirtualClock(), answers: [] });
  const asked: string[][] = [];
  const windows = createContextWindows({
    model: {
      ...model,
      countTokens: (texts) => {
        asked.push([...texts]);
        return model.countTokens(texts);
      },
    },
    store: { listMessages: (_conversationId, { limit }) => messages.slice(-limit) },
    redact: (text) => text,
  });
  const add = (role: Message['role'], tokens: number, heardChars: number | null = null): Message => {
    const message: Message = {
      id: `m${messages.length}`,
      conversationId: 'c',
      role,
      text: Array.from({ length: tokens }, (_each, index) => `w${messages.length}x${index}`).join(' '),
      medium: 'voice',
      language: 'en',
      heardChars,
      status: 'complete',
      createdAtMs: messages.length,
    };
    messages.push(message);
    return message;
  };
  const turn = (tokens: number): void => {
    add('user', tokens);
    add('assistant', tokens);
  };
  return { messages, windows, model, asked, add, turn, read: (budget: number, before?: string) => windows.read('c', budget, before) };
}

const firstWord = ({ messages }: ContextWindow): string => messages[0]?.text.split(' ')[0] ?? '';

describe('createContextWindows', () => {
  it('keeps the lengths of a bounded number of messages, and counts those anew that had to make room', async () => {
    const messages: Message[] = [];
    const model = createScriptedLanguageModel({ clock: createVirtualClock(), answers: [] });
    let counted = 0;
    const windows = createContextWindows({
      model: { ...model, countTokens: (texts) => ((counted += texts.length), model.countTokens(texts)) },
      store: { listMessages: (conversationId) => messages.filter((message) => message.conversationId === conversationId) },
      redact: (text) => text,
    });
    const conversations = Array.from({ length: 2_001 }, (_each, index) => `c${index}`);
    for (const conversationId of conversations) {
      const text = `Question of ${conversationId}`;
      const words = { role: 'user', text, medium: 'text', language: 'en', heardChars: null, status: 'complete', createdAtMs: 0 } as const;
      messages.push({ ...words, id: `m-${conversationId}`, conversationId });
      await windows.read(conversationId, 1_000, undefined);
    }
    expect(counted).toBe(2_001);
    await windows.read('c2000', 1_000, undefined);
    expect(counted).toBe(2_001);
    expect((await windows.read('c0', 1_000, undefined)).messages).toHaveLength(1);
    expect(counted).toBe(2_002);
  });

  it('shows everything while it fits', async () => {
    const { turn, read } = setUp();
    turn(3);
    turn(2);
    expect(await read(1_000)).toEqual({
      opening: '',
      messages: [
        { role: 'user', text: 'w0x0 w0x1 w0x2' },
        { role: 'assistant', text: 'w1x0 w1x1 w1x2' },
        { role: 'user', text: 'w2x0 w2x1' },
        { role: 'assistant', text: 'w3x0 w3x1' },
      ],
      lastOutsideId: undefined,
      tainted: false,
    });
  });

  it('moves ahead by half a window when the budget is full, to a question, and says what fell out', async () => {
    const { turn, read } = setUp();
    for (let index = 0; index < 5; index += 1) turn(2);
    // Ten messages of ten tokens each.
    expect(await read(99)).toMatchObject({ lastOutsideId: 'm5' });
    expect(firstWord(await read(99))).toBe('w6x0');
  });

  it('keeps its beginning until the budget is full again', async () => {
    const { turn, read } = setUp();
    for (let index = 0; index < 5; index += 1) turn(2);
    const beginnings: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      beginnings.push(firstWord(await read(99)));
      turn(2);
    }
    expect(beginnings).toEqual(['w6x0', 'w6x0', 'w6x0', 'w12x0', 'w12x0', 'w12x0']);
  });

  it('keeps its beginning when the budget grows or shrinks without being full', async () => {
    const { turn, read } = setUp();
    for (let index = 0; index < 5; index += 1) turn(2);
    for (const budget of [99, 5_000, 60, 40]) expect(firstWord(await read(budget))).toBe('w6x0');
  });

  it('keeps its beginning when there is more history than is read at once', async () => {
    const { turn, read } = setUp();
    for (let index = 0; index < 210; index += 1) turn(1);
    const first = await read(100_000);
    expect(first.messages[0]?.role).toBe('user');
    expect(first.lastOutsideId).toBeDefined();
    for (let index = 0; index < 50; index += 1) {
      turn(1);
      expect(firstWord(await read(100_000))).toBe(firstWord(first));
    }
  });

  it('shows nothing when not even the last exchange fits', async () => {
    const { turn, read } = setUp();
    turn(50);
    expect(await read(40)).toEqual({ messages: [], opening: '', lastOutsideId: 'm1', tainted: false });
    expect(await read(0)).toEqual({ messages: [], opening: '', lastOutsideId: 'm1', tainted: false });
  });

  it('begins with a question also when an answer comes first', async () => {
    const { add, turn, read } = setUp();
    add('assistant', 3);
    turn(2);
    expect(await read(1_000)).toMatchObject({
      opening: 'w0x0 w0x1 w0x2',
      lastOutsideId: undefined,
      messages: [{ role: 'user' }, { role: 'assistant' }],
    });
  });

  it('keeps a greeting apart that stands in front of everything, until it falls out', async () => {
    const { add, read, turn } = setUp();
    const greeting = add('assistant', 4);
    turn(10);
    for (let again = 0; again < 2; again += 1) {
      const window = await read(200);
      expect(window).toMatchObject({ opening: greeting.text, lastOutsideId: undefined });
      expect(firstWord(window)).toBe('w1x0');
    }
    for (let more = 0; more < 6; more += 1) turn(10);
    const full = await read(200);
    expect(full.opening).toBe('');
    expect(full.lastOutsideId).not.toBeUndefined();
  });
  it('leaves out a message and everything behind it', async () => {
    const { turn, read } = setUp();
    turn(1);
    turn(1);
    expect((await read(1_000, 'm2')).messages.map(({ text }) => text)).toEqual(['w0x0', 'w1x0']);
    expect((await read(1_000, 'm0')).messages).toEqual([]);
  });

  it('counts only what it has not counted, also when more of an answer was heard', async () => {
    const { messages, turn, read, asked } = setUp();
    turn(3);
    await read(1_000);
    turn(2);
    await read(1_000);
    await read(1_000);
    const last = messages[3];
    if (last) messages[3] = { ...last, heardChars: 4 };
    await read(1_000);
    expect(asked.map((texts) => texts.length)).toEqual([2, 2, 1]);
    expect(asked[2]).toEqual(['w3x0']);
  });

  it('counts anew for another model', async () => {
    const { model, turn, messages } = setUp();
    turn(3);
    let name = 'One';
    let counted = 0;
    const windows = createContextWindows({
      model: {
        ...model,
        get name() {
          return name;
        },
        countTokens: async (texts) => {
          counted += texts.length;
          return texts.map(() => 1);
        },
      },
      store: { listMessages: () => messages },
      redact: (text) => text,
    });
    await windows.read('c', 1_000, undefined);
    name = 'Two';
    await windows.read('c', 1_000, undefined);
    expect(counted).toBe(4);
  });

  it('holds its promises for every history and every budget', async () => {
    const message = record({ isUser: boolean(), tokens: integer({ min: 1, max: 40 }), isUnheard: boolean() });
    await assert(
      asyncProperty(
        array(message, { maxLength: 30 }),
        array(integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 30 }),
        async (said, budgets) => {
          const { messages, add, read, model } = setUp();
          let before: ContextWindow | undefined;
          for (const [index, { isUser, tokens, isUnheard }] of said.entries()) {
            add(isUser ? 'user' : 'assistant', tokens, isUnheard ? 0 : null);
            const budget = budgets[index % budgets.length] ?? 0;
            const window = await read(budget, undefined);
            const heard = messages.filter((each) => visibleText(each) !== '');
            const start = heard.findIndex(({ id }) => id === window.lastOutsideId) + 1;
            const inside = heard.slice(start);
            const counts = await model.countTokens(inside.map(visibleText));
            expect(counts.reduce((sum, each) => sum + each + TEMPLATE_TOKENS, 0)).toBeLessThanOrEqual(budget);
            const shown = [...(window.opening === '' ? [] : [window.opening]), ...window.messages.map(({ text }) => text)];
            expect(shown.join('\n')).toBe(inside.map(visibleText).join('\n'));
            for (const [place, { role }] of window.messages.entries()) expect(role).toBe(place % 2 === 0 ? 'user' : 'assistant');
            if (before && window.lastOutsideId === before.lastOutsideId)
              expect(window.messages.slice(0, before.messages.length - 1)).toEqual(before.messages.slice(0, -1));
            before = window;
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
