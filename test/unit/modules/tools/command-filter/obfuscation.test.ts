import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeCommand } from '../../../../../src-main/modules/tools/command-filter/index.ts';
import { createDraw, LEFT_OUT, obfuscate, techniques } from '../../../../doubles/obfuscator.ts';
import { printPlan } from '../../../../doubles/print-plan.ts';

const BAD = ['rm -rf /', 'cat ~/.ssh/id_rsa', 'mkfs.ext4 /dev/sda1', 'shutdown now', 'chmod -R 777 /'];

/** Quotes each letter in one of the ways that mean the same to bash. */
const quoted = (text: string, ways: readonly number[]): string =>
  [...text]
    .map((letter, index) => {
      if (letter === ' ' || letter === '~' || letter === '/') return letter;
      switch (ways[index % ways.length]) {
        case 1:
          return `'${letter}'`;
        case 2:
          return `"${letter}"`;
        case 3:
          return `\\${letter}`;
        case 4:
          return `$'\\x${letter.charCodeAt(0).toString(16)}'`;
        case 5:
          return `''${letter}`;
        default:
          return letter;
      }
    })
    .join('');

describe('judgeCommand with obfuscated commands', () => {
  it.each(Object.keys(techniques))('flags and never allows: %s', (technique) => {
    const results = obfuscate(technique, 60, createDraw(11)).map(({ text }) => ({ text, ...judgeCommand(text) }));
    expect(results.filter(({ verdict }) => verdict === 'allow').map(({ text }) => text)).toEqual([]);
    // What was left out of tuning may miss one in a hundred, as the goal says.
    const missed = results.filter(({ obfuscated }) => !obfuscated).map(({ text }) => text);
    expect(missed.length, missed.join('\n')).toBeLessThanOrEqual(LEFT_OUT.includes(technique) ? 1 : 0);
  });

  it('never allows a known bad command, however it is quoted', () => {
    fc.assert(
      fc.property(fc.constantFrom(...BAD), fc.array(fc.nat(5), { minLength: 1, maxLength: 24 }), (text, ways) => {
        expect(judgeCommand(quoted(text, ways)).verdict).toBe('deny');
      }),
      { numRuns: 150 },
    );
  });

  it('never allows a known bad command among others', () => {
    const around = fc.constantFrom('ls', 'true', 'echo hi', 'x=1', 'cat a | wc -l');
    const joint = fc.constantFrom('; ', ' && ', ' || ', '\n', ' | ', ' & ');
    fc.assert(
      fc.property(fc.constantFrom(...BAD), fc.array(around), joint, fc.array(around), (bad, before, by, after) => {
        expect(judgeCommand([...before, bad, ...after].join(by)).verdict).toBe('deny');
      }),
      { numRuns: 200 },
    );
  });

  it('never throws, and allows nothing that it has no plan for', () => {
    const piece = fc.constantFrom(
      '$(',
      ')',
      '`',
      '"',
      "'",
      '\\',
      '{',
      '}',
      ',',
      '|',
      '&&',
      ';',
      ' ',
      '\n',
      '$x',
      '${x',
      '}',
      '<<E',
      '>',
      '<',
      '&',
      '*',
      '~/',
      'ls',
      'rm',
      'a',
      '[',
      ']',
      '$((',
      '))',
      '=',
      '#',
      '!',
      '\u0000',
      'é',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const { verdict, plan } = judgeCommand(text);
          expect(verdict !== 'allow' || plan !== undefined).toBe(true);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('judges a plan that is printed again as it judged the command', () => {
    const word = fc.constantFrom('ls', '-l', "'a b'", '"$HOME"', 'x{1,2}', '*.md', "$'\\t'", '\\*', '2>&1', '> out', '< in', 'c"d"', "''");
    fc.assert(
      fc.property(fc.constantFrom('ls', 'cat', 'grep', 'rm', 'sort', 'foo'), fc.array(word, { maxLength: 6 }), (program, words) => {
        const first = judgeCommand([program, ...words].join(' '));
        if (!first.plan) return;
        const second = judgeCommand(printPlan(first.plan));
        expect({ plan: second.plan, verdict: second.verdict }).toEqual({
          plan: first.plan,
          verdict: first.obfuscated ? second.verdict : first.verdict,
        });
      }),
      { numRuns: 150 },
    );
  });
});
