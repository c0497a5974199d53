import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { captionAt, captionWords } from '../../../../src-renderer/features/stage/caption.ts';

const shown = (text: string, heardChars: number): [string, string] => {
  const caption = captionAt(captionWords(text), heardChars);
  const words = caption?.words.map((word) => word.text) ?? [];
  return [words.slice(0, caption?.heard).join(' '), words.slice(caption?.heard).join(' ')];
};

describe('captionAt', () => {
  const text = 'The largest planet is Jupiter. It is wide.';

  it('lights up the words that were heard', () => {
    expect(shown(text, 0)).toEqual(['', 'The largest planet is Jupiter.']);
    expect(shown(text, 'The largest'.length)).toEqual(['The largest', 'planet is Jupiter.']);
  });

  it('goes on to the next sentence when one is over, and stays on the last', () => {
    expect(shown(text, 'The largest planet is Jupiter.'.length)).toEqual(['', 'It is wide.']);
    expect(shown(text, text.length)).toEqual(['It is wide.', '']);
  });

  it('cuts a long sentence into parts of about the same length', () => {
    const long = Array.from({ length: 30 }, (_, index) => `word${index}`).join(' ');
    expect(captionAt(captionWords(long), 0)?.words).toHaveLength(10);
    expect(captionAt(captionWords(long), long.length)?.words.at(-1)?.text).toBe('word29');
  });

  it('shows what is said, without marks, addresses and code', () => {
    const raw = '# Plan\n- **buy** [bread](https://example.com/b?c=d)\n```js\nlet x = 1;\n```\nDone.';
    expect(captionWords(raw).map((word) => word.text)).toEqual(['Plan', 'buy', 'bread', 'Done.']);
  });

  it('gives nothing for an answer without words', () => {
    expect(captionAt([], 0)).toBeUndefined();
    expect(captionAt(captionWords('```\ncode\n```'), 4)).toBeUndefined();
  });

  it('always contains the next word to be heard, at its place in the raw answer', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), fc.double({ min: 0, max: 1, noNaN: true }), (raw, share) => {
        const words = captionWords(raw);
        const heardChars = Math.floor(share * raw.length);
        const next = words.find((word) => word.start >= heardChars) ?? words.at(-1);
        const caption = captionAt(words, heardChars);
        if (next) expect(caption?.words).toContainEqual(next);
        else expect(caption).toBeUndefined();
      }),
    );
  });
});
