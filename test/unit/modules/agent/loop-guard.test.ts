import { assert, integer, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endsInLoop } from '../../../../src-main/modules/agent/loop-guard.ts';

describe('endsInLoop', () => {
  it.each([
    ['a sentence', 'I do not know. '.repeat(3)],
    ['a word', `It is ${'very '.repeat(9)}`],
    ['lines', '1. Paris is a city.\n'.repeat(3)],
    ['a long stretch behind other text', `Well. ${'That is a question which nobody can answer today. '.repeat(3)}`],
    ['an endless ruler', '-'.repeat(150)],
  ])('sees %s three times in a row', (_what, text) => {
    expect(endsInLoop(text)).toBe(true);
  });

  it.each([
    ['twice', 'I do not know. '.repeat(2)],
    ['a refrain with other words between', 'Let it be. Then more. Let it be. And again. Let it be. '],
    ['numbers that go on', 'Number 1 of 9. Number 2 of 9. Number 3 of 9. '],
    ['laughter', 'Ha ha ha ha! '],
    ['the ruler of a wide table', `| a | b |\n${'|---'.repeat(12)}|`],
    ['a line under a heading', `Title\n${'='.repeat(80)}`],
    ['code that is far indented', `if (x) {\n${' '.repeat(48)}return`],
  ])('lets pass %s', (_what, text) => {
    for (let length = 1; length <= text.length; length += 1) expect(endsInLoop(text.slice(0, length))).toBe(false);
  });

  it('finds any stretch with words in it, of any length up to the limit, and only at the end', () => {
    assert(
      property(
        string({ minLength: 12, maxLength: 160 }),
        string({ maxLength: 40 }),
        integer({ min: 3, max: 5 }),
        (stretch, before, times) => {
          const words = `a${stretch.slice(1)}`;
          expect(endsInLoop(before + words.repeat(times))).toBe(true);
        },
      ),
    );
    expect(endsInLoop(`${'I do not know. '.repeat(3)}But wait`)).toBe(false);
  });
});
