import { describe, expect, it } from 'vitest';
import {
  contactOf,
  hasTooManyNumbers,
  NEW_CONTACT,
  plainNumber,
  wrongLine,
} from '../../../../src-renderer/features/calls/contact-draft.ts';
import { initialsOf } from '../../../../src-renderer/features/calls/initials.ts';
import { isTypedNumber } from '../../../../src-renderer/features/calls/typed-number.ts';

describe('plainNumber', () => {
  it('takes out what people write between digits', () => {
    expect(['+49 (0)30 / 90 18-20', '0041 44 364 35 30', '030.901820', '*97'].map(plainNumber)).toEqual([
      '+4930901820',
      '+41443643530',
      '030901820',
      '*97',
    ]);
  });

  it('refuses what is no number', () => {
    expect(['', 'abc', '+', '7', '12 34 x', '<b>12</b>', '1'.repeat(50)].map(plainNumber)).toEqual(Array(7).fill(undefined));
  });
});

describe('contactOf', () => {
  it('keeps each number once, in order', () => {
    expect(contactOf({ ...NEW_CONTACT, name: ' Maria ', numbers: '+49 30 1234\n+49301234\n\n0170 55' }, 'p1')).toEqual({
      ...NEW_CONTACT,
      id: 'p1',
      name: 'Maria',
      numbers: ['+49301234', '017055'],
    });
  });

  it('is not whole without a name, without a number, or with a wrong one', () => {
    expect(contactOf({ ...NEW_CONTACT, numbers: '123' }, undefined)).toBeUndefined();
    expect(contactOf({ ...NEW_CONTACT, name: 'Maria' }, undefined)).toBeUndefined();
    expect(contactOf({ ...NEW_CONTACT, name: 'Maria', numbers: '123\nabc' }, undefined)).toBeUndefined();
  });
});

describe('what is wrong with numbers', () => {
  it('names the first line that is none, and counts each number once', () => {
    expect(['', '+49 30 12', '+49 30 12\n  30 abc \nx'].map((numbers) => wrongLine({ numbers }))).toEqual([undefined, undefined, '30 abc']);
    const ten = Array.from({ length: 10 }, (_, index) => `03012${index}`).join('\n');
    expect([ten, `${ten}\n030 120`, `${ten}\n0301299`].map((numbers) => hasTooManyNumbers({ numbers }))).toEqual([false, false, true]);
  });
});

describe('initialsOf', () => {
  it('takes the first and the last word, whatever signs a name is made of', () => {
    expect(['Maria Brandt', 'zoë', '<b>Dr. Anna von Stein</b>', '+4930', '', '李 小龍'].map(initialsOf)).toEqual([
      'MB',
      'Z',
      'AS',
      '',
      '',
      '李小',
    ]);
  });
});

describe('isTypedNumber', () => {
  it('wants two digits and nothing but a number', () => {
    expect(['+49 30 12', '11', '*97#', '1', 'Maria', '+', `1${'2'.repeat(60)}`].map(isTypedNumber)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
