import {
  ChatMLChatWrapper,
  DeepSeekChatWrapper,
  FalconChatWrapper,
  Gemma4ChatWrapper,
  GemmaChatWrapper,
  Llama2ChatWrapper,
  Llama3ChatWrapper,
  MistralChatWrapper,
  QwenChatWrapper,
  type ChatWrapper,
} from 'node-llama-cpp';
import { describe, expect, it } from 'vitest';
import type { PromptMessage } from '../../../../src-main/inference/contracts/index.ts';
import { chatHistory, openPromptText, promptText } from '../../../../src-main/inference/llama/prompt-text.ts';
import { toolFunctions } from '../../../../src-main/inference/llama/tool-grammar.ts';

const BEFORE: readonly PromptMessage[] = [
  { role: 'system', text: 'You are Nova.' },
  { role: 'user', text: 'My name is Ada.' },
  { role: 'assistant', text: 'Hello Ada.' },
];
const question = (text: string): PromptMessage => ({ role: 'user', text });

const wrappers: ChatWrapper[] = [
  new ChatMLChatWrapper(),
  new QwenChatWrapper({ thoughts: 'discourage' }),
  new Llama3ChatWrapper(),
  new Llama2ChatWrapper(),
  new GemmaChatWrapper(),
  new Gemma4ChatWrapper({ reasoning: false }),
  new MistralChatWrapper(),
  new DeepSeekChatWrapper(),
  new FalconChatWrapper(),
];

describe('chatHistory', () => {
  it('names the messages as the library does and leaves the answer open', () => {
    expect(chatHistory([...BEFORE, question('What is my name?')])).toEqual([
      { type: 'system', text: 'You are Nova.' },
      { type: 'user', text: 'My name is Ada.' },
      { type: 'model', response: ['Hello Ada.'] },
      { type: 'user', text: 'What is my name?' },
      { type: 'model', response: [] },
    ]);
  });
});

describe('promptText', () => {
  it('is the whole prompt up to where the answer begins', () => {
    expect(promptText(new ChatMLChatWrapper(), [...BEFORE, question('What is my name?')]).toString()).toBe(
      [
        'BOS<|im_start|>system\nYou are Nova.<|im_end|>',
        '<|im_start|>user\nMy name is Ada.<|im_end|>',
        '<|im_start|>assistant\nHello Ada.<|im_end|>',
        '<|im_start|>user\nWhat is my name?<|im_end|>',
        '<|im_start|>assistant\n',
      ].join('\n'),
    );
  });
});

describe('a prompt with tools', () => {
  const asked: readonly PromptMessage[] = [
    { role: 'user', text: 'How warm is it?' },
    {
      role: 'assistant',
      text: 'Let me look.',
      toolRequests: [
        { id: 'a', name: 'inside', input: { room: 'hall' } },
        { id: 'b', name: 'outside', input: {} },
      ],
    },
    { role: 'tool', requestId: 'b', name: 'outside', text: 'it says "4"\n' },
    { role: 'tool', requestId: 'a', name: 'inside', text: '21' },
  ];

  it('puts each result to its call and leaves that item of the model open', () => {
    expect(chatHistory(asked)).toEqual([
      { type: 'user', text: 'How warm is it?' },
      {
        type: 'model',
        response: [
          'Let me look.',
          { type: 'functionCall', name: 'inside', params: { room: 'hall' }, result: '21', startsNewChunk: true },
          { type: 'functionCall', name: 'outside', params: {}, result: 'it says "4"\n', startsNewChunk: false },
        ],
      },
    ]);
  });

  it('closes that item with what the model said then', () => {
    expect(chatHistory([...asked, { role: 'assistant', text: 'Warm inside.' }, question('And now?')]).slice(1)).toMatchObject([
      { type: 'model', response: ['Let me look.', { name: 'inside' }, { name: 'outside' }, 'Warm inside.'] },
      { type: 'user', text: 'And now?' },
      { type: 'model', response: [] },
    ]);
  });

  // Mistral wants them in front of the last question: there each turn is read anew.
  it.each(wrappers.filter((wrapper) => !(wrapper instanceof MistralChatWrapper)).map((wrapper) => [wrapper.wrapperName, wrapper] as const))(
    'has its tools at the beginning, the same from turn to turn, in the template of %s',
    (_name, wrapper) => {
      const functions = toolFunctions([
        { name: 'look_around', description: 'Looks around.', parameters: { type: 'object', properties: {} } },
      ]);
      const whole = promptText(wrapper, [...BEFORE, question('What is my name?')], functions).toString();
      const prefix = openPromptText(wrapper, BEFORE, functions).toString();
      expect(whole.indexOf('look_around')).toBeGreaterThanOrEqual(0);
      expect(whole.indexOf('look_around')).toBeLessThan(whole.indexOf('My name is Ada.'));
      expect(whole.startsWith(prefix)).toBe(true);
    },
  );
});

describe('openPromptText', () => {
  it('ends with the last word of the question', () => {
    expect(openPromptText(new ChatMLChatWrapper(), [question('What is')]).toString()).toMatch(/<\|im_start\|>user\nWhat is$/);
  });

  it('ends where a question would begin when there is none yet', () => {
    expect(openPromptText(new ChatMLChatWrapper(), BEFORE).toString()).toMatch(/Hello Ada\.<\|im_end\|>\n<\|im_start\|>user\n$/);
  });

  it.each(wrappers.map((wrapper) => [wrapper.wrapperName, wrapper] as const))(
    'is the beginning of the prompt that follows, in the template of %s',
    (_name, wrapper) => {
      for (const before of [[], BEFORE.slice(0, 1), BEFORE]) {
        const whole = promptText(wrapper, [...before, question('What is my name?')]).toString();
        const heard = openPromptText(wrapper, [...before, question('What is my')]).toString();
        const prefix = openPromptText(wrapper, before).toString();
        expect(whole.startsWith(heard)).toBe(true);
        expect(heard.endsWith('What is my')).toBe(true);
        expect(whole.startsWith(prefix)).toBe(true);
      }
    },
  );
});
