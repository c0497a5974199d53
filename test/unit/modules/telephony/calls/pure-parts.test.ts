import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, isQuietTime, type Arrival } from '../../../../../src-main/modules/telephony/calls/admission.ts';
import { createAnsweringMachineDetector } from '../../../../../src-main/modules/telephony/calls/answering-machine.ts';
import { readArrival } from '../../../../../src-main/modules/telephony/calls/arrivals.ts';
import { cleanCallerName } from '../../../../../src-main/modules/telephony/calls/caller-name.ts';
import { createOwnerPin, spokenPin, withoutSpokenPin } from '../../../../../src-main/modules/telephony/calls/owner-pin.ts';
import { countryPrefixOf, isEmergency, readCaller, readDialled } from '../../../../../src-main/modules/telephony/calls/phone-numbers.ts';
import { createVirtualClock } from '../../../../doubles/virtual-clock.ts';

describe('readDialled', () => {
  it.each([
    ['030 / 555-666', '49', { kind: 'outside', number: '+4930555666' }],
    ['+41 44 668 18 00', '49', { kind: 'outside', number: '+41446681800' }],
    ['0041 44 668 18 00', '49', { kind: 'outside', number: '+41446681800' }],
    ['011 49 30 555666', '1', { kind: 'outside', number: '+4930555666' }],
    ['(212) 555-0123', '1', { kind: 'outside', number: '+12125550123' }],
    ['1001', '49', { kind: 'internal', number: '1001' }],
    ['100', '49', { kind: 'internal', number: '100' }],
    ['11833', '49', { kind: 'short', number: '11833' }],
    ['112', '49', { kind: 'emergency', number: '112' }],
    ['+49 (0) 110', '49', { kind: 'emergency', number: '110' }],
    ['++--', '49', { kind: 'bad' }],
    ['', '49', { kind: 'bad' }],
    ['+49', '49', { kind: 'bad' }],
  ])('reads %s in country %s', (typed, country, expected) => {
    expect(readDialled(typed, country)).toEqual(expected);
  });

  it('finds every emergency number behind any prefix that a telephone knows', () => {
    const numbers = fc.constantFrom('110', '112', '911', '999', '000', '113', '118', '119', '144', '190');
    const prefixes = fc.constantFrom('', '0', '9', '00', '99', '+', '+49', '+1', '+44', '+353', '0049', '01149', '*31#', '#31#', '*67*');
    fc.assert(fc.property(prefixes, numbers, (prefix, number) => isEmergency(`${prefix}${number}`)));
  });

  it('takes no ordinary number for an emergency', () => {
    for (const number of ['+4930112112', '+493091155', '+12129110000', '030112', '+4911033445'])
      expect(isEmergency(number), number).toBe(false);
  });
});

describe('readCaller', () => {
  it('gives numbers their country, keeps short ones, and knows withheld ones', () => {
    expect(
      ['030555666', '+4930555666', '004930555666', '1001', 'anonymous', 'sip:evil', '', '<script>'].map((told) => readCaller(told, '49')),
    ).toEqual(['+4930555666', '+4930555666', '+4930555666', '1001', '', '', '', '']);
    expect(readCaller('9'.repeat(200), '49')).toHaveLength(40);
    expect(countryPrefixOf('ch')).toBe('41');
    expect(countryPrefixOf('xx')).toBe('49');
  });
});

describe('cleanCallerName', () => {
  it('leaves one line of plain words', () => {
    expect(cleanCallerName('<img src=x onerror=alert(1)>Bob\r\nX-Evil: 1')).toBe('Bob X-Evil: 1');
    expect(cleanCallerName('\u202Egnp.exe\u200B \u0000ok')).toBe('gnp.exe ok');
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0x10_ff_ff }), { maxLength: 200 }), (points) => {
        const name = cleanCallerName(String.fromCodePoint(...points));
        return name.length <= 120 && !/[<>&"`{}\p{C}]/u.test(name);
      }),
    );
  });
});

describe('readArrival', () => {
  const dialplan = { exten: '49301' };

  it('reads what the dialplan says', () => {
    expect(readArrival({ name: 'PJSIP/trunk-a-1', dialplan }, ['external', 'a', '49301'])).toEqual({
      kind: 'in',
      way: 'a',
      wantsAssistant: false,
    });
    expect(readArrival({ name: 'PJSIP/1001-1', dialplan }, ['internal', '100'])).toEqual({
      kind: 'in',
      way: 'internal',
      wantsAssistant: true,
    });
    expect(readArrival({ name: 'PJSIP/1001-1', dialplan }, ['internal', '030555'])).toEqual({
      kind: 'out',
      phone: '1001',
      number: '030555',
    });
    expect(readArrival({ name: 'Dongle/d-1', dialplan }, ['dongle', 'dongle0', '1'])).toEqual({
      kind: 'in',
      way: 'dongle',
      wantsAssistant: false,
    });
    for (const args of [[], ['leg'], ['outbound', '112']]) expect(readArrival({ name: 'Local/x', dialplan }, args)).toBeUndefined();
    expect(readArrival({ name: 'PJSIP/trunk-a-1', dialplan: { exten: 'h' } }, ['external', 'a', 'h'])).toBeUndefined();
  });
});

describe('admit', () => {
  const usual: Arrival = {
    contact: undefined,
    isBlocked: false,
    isInternal: false,
    wantsAssistant: false,
    callsUnderWay: 0,
    maxCallsAtOnce: 4,
    isGateOpen: true,
    isQuiet: false,
    screensUnknown: false,
    whenNobodyAnswers: 'message',
  };
  it.each([
    [{}, { act: 'ring' }],
    [{ screensUnknown: true }, { act: 'screen' }],
    [{ screensUnknown: true, isInternal: true }, { act: 'ring' }],
    [{ isQuiet: true }, { act: 'take', by: 'message' }],
    [{ isQuiet: true, isInternal: true }, { act: 'ring' }],
    [
      { isQuiet: true, whenNobodyAnswers: 'nothing' },
      { act: 'refuse', cause: 19, reason: 'quiet-hours' },
    ],
    [
      { wantsAssistant: true, isQuiet: true },
      { act: 'take', by: 'assistant' },
    ],
    [
      { isBlocked: true, wantsAssistant: true },
      { act: 'refuse', cause: 21, reason: 'blocked' },
    ],
    [{ callsUnderWay: 4 }, { act: 'refuse', cause: 17, reason: 'limit' }],
    [{ isGateOpen: false }, { act: 'refuse', cause: 21, reason: 'stopped' }],
  ] as [Partial<Arrival>, unknown][])('with %j: %j', (change, expected) => {
    expect(admit({ ...usual, ...change })).toEqual(expected);
  });
});

const at = (hours: number, minutes = 0): Date => new Date(2026, 0, 1, hours, minutes);

describe('isQuietTime', () => {
  it('also lies over midnight, and is nothing where a time is missing', () => {
    expect([at(21, 59), at(22), at(3), at(6, 59), at(7)].map((date) => isQuietTime(date, '22:00', '07:00'))).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
    expect([at(12), at(14)].map((date) => isQuietTime(date, '12:00', '14:00'))).toEqual([true, false]);
    expect([isQuietTime(at(3), '', '07:00'), isQuietTime(at(3), '03:00', '03:00')]).toEqual([false, false]);
  });
});

describe('createAnsweringMachineDetector', () => {
  it.each([
    ['Hello?', true, 0, 600, 'human'],
    ['Praxis Doktor Meier, guten Tag', true, 0, 2_300, 'human'],
    ['Hello, this is', false, 0, 1_500, undefined],
    ['Please leave a message after the tone', false, 0, 2_000, 'machine'],
    ['Please leave your name and number', false, 0, 2_000, undefined],
    ['Please leave your name and number', true, 0, 2_000, 'machine'],
    ['Der gewünschte Gesprächspartner ist vorübergehend nicht erreichbar', false, 0, 3_000, 'machine'],
    ['Zahnarztpraxis Doktor Keller, mein Name ist Sabine Schmidt, was kann ich für Sie tun', true, 0, 4_800, 'human'],
    ['He is not available right now, can I take a message', true, 0, 3_000, 'human'],
    ['a b c d e f g h i j k l m n o p q', false, 0, 3_000, 'machine'],
    ['hello', false, 0, 7_200, 'machine'],
    ['late words', false, 30_000, 30_500, 'human'],
    ['You have reached the practice of Dr. Keller, how can I help you?', true, 0, 4_000, 'human'],
    ['You have reached the voicemail of Bob', true, 0, 3_000, 'machine'],
  ] as const)('hears %j', (text, final, startMs, endMs, verdict) => {
    expect(createAnsweringMachineDetector().heard({ text, final, startMs, endMs })).toBe(verdict);
  });

  it('stays with a person who goes on to speak, and not with a machine that began with a word', () => {
    const person = createAnsweringMachineDetector();
    expect(person.heard({ text: 'Hello?', final: true, startMs: 0, endMs: 500 })).toBe('human');
    expect(person.heard({ text: 'I got your voicemail.', final: true, startMs: 900, endMs: 2_000 })).toBeUndefined();
    expect(person.heard({ text: 'a b c d e f g h i j k l m n o p q', final: true, startMs: 2_100, endMs: 9_000 })).toBeUndefined();
    const machine = createAnsweringMachineDetector();
    expect(machine.heard({ text: 'Hi.', final: true, startMs: 0, endMs: 400 })).toBe('human');
    expect(machine.heard({ text: 'You have reached Bob', final: false, startMs: 1_000, endMs: 2_000 })).toBeUndefined();
    expect(machine.heard({ text: 'after the beep', final: false, startMs: 2_000, endMs: 3_000 })).toBe('machine');
    expect(machine.heard({ text: 'after the beep', final: true, startMs: 2_000, endMs: 4_000 })).toBeUndefined();
    expect(machine.verdict()).toBe('machine');
  });
});

describe('createOwnerPin', () => {
  it('keeps a hash alone, and counts failures over all calls', async () => {
    const clock = createVirtualClock();
    const stored = new Map<string, string>();
    const pin = createOwnerPin({
      secrets: { get: (name) => stored.get(name), set: async (name, value) => void stored.set(name, value) },
      clock,
    });
    expect(await pin.check('a', '4711')).toBe('wrong');
    await pin.change('4711');
    expect([...stored.values()].join()).not.toContain('4711');
    for (let call = 0; call < 3; call += 1) for (let attempt = 0; attempt < 3; attempt += 1) await pin.check(`call_${call}`, '0000');
    expect(await pin.check('call_9', '4711')).toBe('locked');
    await clock.advance(3_600_000);
    expect(await pin.check('call_9', '4711')).toBe('right');
    await pin.change('');
    expect(pin.isSet()).toBe(false);
  });

  it('counts tries at the same time', async () => {
    const stored = new Map<string, string>();
    const pin = createOwnerPin({
      secrets: { get: (name) => stored.get(name), set: async (name, value) => void stored.set(name, value) },
      clock: createVirtualClock(),
    });
    await pin.change('4711');
    const results = await Promise.all(['1', '2', '3', '4711'].map((digits) => pin.check('call', digits)));
    expect(results).toEqual(['wrong', 'wrong', 'wrong', 'locked']);
  });
});

describe('spokenPin', () => {
  it.each([
    ['one two three four', '1234'],
    ['My PIN is 4 7 1 1.', '4711'],
    ['meine Geheimzahl ist vier sieben eins zwo', '4712'],
    ['I have one car and two dogs', undefined],
    ['my pin is one', undefined],
    ['0 3 0 9 0 1 8 2 0', undefined],
    ['my code is 12345678', '12345678'],
    ['My pen is four, seven, one one.', '4711'],
    ['I have one pen', undefined],
  ])('hears %j', (text, digits) => {
    expect(spokenPin(text)).toBe(digits);
  });
});

describe('withoutSpokenPin', () => {
  it.each([
    ['one two three four', false, '••••'],
    ['My PIN is 4 7, 1 1. Thank you.', false, 'My PIN is ••••. Thank you.'],
    ['my pin is one', true, 'my pin is ••••'],
    ['eins zwei', true, '••••'],
    ['My number is 030 901820.', false, 'My number is 030 901820.'],
    ['I have one car and two dogs', true, 'I have one car and two dogs'],
    ['', true, ''],
  ])('of %j (unfinished: %j) leaves %j', (text, isUnfinished, left) => {
    expect(withoutSpokenPin(text, isUnfinished)).toBe(left);
  });
});
