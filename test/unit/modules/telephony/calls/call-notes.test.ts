import { describe, expect, it } from 'vitest';
import { noteOf, noteText, type CallNote } from '../../../../../src-main/modules/telephony/calls/call-notes.ts';

describe('noteText', () => {
  it('says in both languages who did what', () => {
    const notes: CallNote[] = [
      { kind: 'taken-over' },
      { kind: 'whispered', text: 'say $& {detail}' },
      { kind: 'handed-on', number: '+4930555666' },
    ];
    expect(notes.map((note) => noteText(note, 'en'))).toEqual([
      'You took over.',
      'You whispered: say $& {detail}',
      'Handed on to +4930555666.',
    ]);
    expect(notes.map((note) => noteText(note, 'de'))).toEqual([
      'Du hast übernommen.',
      'Du hast geflüstert: say $& {detail}',
      'Weitergegeben an +4930555666.',
    ]);
  });
});

describe('noteOf', () => {
  it('tells of what somebody did, and not of what the network did', () => {
    expect(noteOf({ type: 'speaker', by: 'owner' })).toEqual({ kind: 'taken-over' });
    expect(noteOf({ type: 'consulting', who: { number: '1001', answered: false } })).toEqual({ kind: 'consults', number: '1001' });
    expect(noteOf({ type: 'consulting', who: { number: '1001', answered: true } })).toBeUndefined();
    expect(noteOf({ type: 'rings-there' })).toBeUndefined();
    expect(noteOf({ type: 'ended', reason: 'busy' })).toBeUndefined();
  });
});
