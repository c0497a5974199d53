import type { CallEvent } from './call-states.ts';

/** What somebody here did in a call, for its record: told when it is done. */
export type CallNote =
  | { kind: 'taken-over' | 'handed-over' | 'listens' | 'listens-no-more' | 'held' | 'resumed' | 'came-back' }
  | { kind: 'whispered'; text: string }
  | { kind: 'consults' | 'handed-on' | 'not-handed-on'; number: string };

/** What a step in the drawing tells the record; undefined = nothing that somebody did. */
export function noteOf(event: CallEvent): CallNote | undefined {
  switch (event.type) {
    case 'speaker':
      return { kind: event.by === 'owner' ? 'taken-over' : 'handed-over' };
    case 'held':
      return { kind: event.on ? 'held' : 'resumed' };
    case 'listening':
      return { kind: event.on ? 'listens' : 'listens-no-more' };
    case 'consulting':
      if (event.who === undefined) return { kind: 'came-back' };
      return event.who.answered ? undefined : { kind: 'consults', number: event.who.number };
    default:
      return undefined;
  }
}

const WORDS: Record<'en' | 'de', Record<CallNote['kind'], string>> = {
  en: {
    'taken-over': 'You took over.',
    'handed-over': 'You handed over to the assistant.',
    listens: 'You listened in.',
    'listens-no-more': 'You stopped listening.',
    held: 'Put on hold.',
    resumed: 'Taken off hold.',
    'came-back': 'You came back.',
    whispered: 'You whispered: {detail}',
    consults: 'You asked {detail} whether they take the call.',
    'handed-on': 'Handed on to {detail}.',
    'not-handed-on': 'Not handed on to {detail}: nobody took it there.',
  },
  de: {
    'taken-over': 'Du hast übernommen.',
    'handed-over': 'Du hast an die Assistenz übergeben.',
    listens: 'Du hast mitgehört.',
    'listens-no-more': 'Du hast aufgehört mitzuhören.',
    held: 'Gehalten.',
    resumed: 'Nicht mehr gehalten.',
    'came-back': 'Du bist zurückgekommen.',
    whispered: 'Du hast geflüstert: {detail}',
    consults: 'Du hast bei {detail} nachgefragt.',
    'handed-on': 'Weitergegeben an {detail}.',
    'not-handed-on': 'Nicht weitergegeben an {detail}: Dort hat es niemand angenommen.',
  },
};

/** The sentence of the record. */
export function noteText(note: CallNote, language: 'en' | 'de'): string {
  const detail = 'text' in note ? note.text : 'number' in note ? note.number : '';
  return WORDS[language][note.kind].replace('{detail}', () => detail);
}
