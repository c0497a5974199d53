import { describe, expect, it } from 'vitest';
import { parseTalkOptions } from '../../../../src-main/modules/terminal/index.ts';

describe('parseTalkOptions', () => {
  it('takes a question aloud or in writing, with or without a file for the answer', () => {
    expect(parseTalkOptions(['--audio', 'question.wav', '--out', 'answer.wav', '--json'])).toEqual({
      ask: 'aloud',
      audioPath: 'question.wav',
      outPath: 'answer.wav',
      json: true,
    });
    expect(parseTalkOptions(['--text', 'What time is it?'])).toEqual({
      ask: 'in-writing',
      text: 'What time is it?',
      outPath: undefined,
      json: false,
    });
  });

  it('gives help when it is asked for, whatever else is there', () => {
    expect(parseTalkOptions(['--help', '--text', 'hello'])).toEqual({ ask: 'help' });
  });

  it.each([
    ['nothing at all', [], /--audio, or a question with --text/],
    ['both', ['--audio', 'a.wav', '--text', 'hello'], /not both/],
    ['an empty question', ['--text', ' \n '], /empty/],
    ['an option that is none', ['--loud'], /'--loud'/],
    ['a value that is missing', ['--audio'], /'--audio <value>' argument missing/],
    ['a word without an option', ['hello'], /'hello'/],
  ])('says what is wrong with %s', (_name, args, problem) => {
    expect(parseTalkOptions(args)).toEqual({ ask: 'nothing', problem: expect.stringMatching(problem) });
  });
});
