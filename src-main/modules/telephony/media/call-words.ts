import type { CallBrief } from '../../agent/index.ts';
import type { CallNotice } from '../calls/call-ports.ts';

/** A sentence that telephony itself says into a call. */
export type CallSentence =
  | CallNotice['kind']
  | 'still-there'
  | 'still-there-again'
  | 'farewell'
  | 'back-again'
  | 'still-here'
  | 'interruption'
  | 'little-time'
  | 'pin-right'
  | 'pin-wrong'
  | 'pin-locked';

const SENTENCES: Record<Exclude<CallSentence, 'briefing'>, Record<'en' | 'de', string>> = {
  recording: { en: 'This call is being recorded.', de: 'Dieses Gespräch wird aufgezeichnet.' },
  'recording-off': { en: 'The recording has been switched off.', de: 'Die Aufzeichnung ist ausgeschaltet.' },
  'one-moment': { en: 'One moment, please.', de: 'Einen Moment, bitte.' },
  'not-here': {
    en: 'Nobody can take your call at the moment. Please try again later. Goodbye.',
    de: 'Im Moment kann niemand Ihren Anruf entgegennehmen. Bitte versuchen Sie es später noch einmal. Auf Wiederhören.',
  },
  'still-there': { en: 'Are you still there?', de: 'Sind Sie noch da?' },
  'still-there-again': {
    en: 'Hello? I cannot hear you. Are you still on the line?',
    de: 'Hallo? Ich höre Sie nicht. Sind Sie noch in der Leitung?',
  },
  farewell: {
    en: 'I cannot hear you any more, so I am ending the call now. Goodbye.',
    de: 'Ich höre Sie nicht mehr und beende jetzt das Gespräch. Auf Wiederhören.',
  },
  interruption: {
    en: 'Excuse me for interrupting you. May I briefly say something to that?',
    de: 'Entschuldigen Sie, dass ich Sie unterbreche. Darf ich kurz etwas dazu sagen?',
  },
  'back-again': { en: 'Thank you for waiting. I am listening.', de: 'Danke fürs Warten. Ich höre Ihnen zu.' },
  'still-here': { en: 'I am still here. What did you say?', de: 'Ich bin noch da. Was sagten Sie?' },
  'little-time': {
    en: 'We have half a minute left. Is there anything else that is important?',
    de: 'Wir haben noch eine halbe Minute. Ist noch etwas Wichtiges?',
  },
  'pin-right': { en: 'Thank you, I know you now.', de: 'Danke, ich habe dich erkannt.' },
  'pin-wrong': { en: 'That was not the right PIN.', de: 'Das war nicht die richtige PIN.' },
  'pin-locked': { en: 'I cannot check any more PINs in this call.', de: 'In diesem Gespräch kann ich keine PIN mehr prüfen.' },
};

export function sentence(which: Exclude<CallSentence, 'briefing'>, language: 'en' | 'de'): string {
  return SENTENCES[which][language];
}

/** For the one that a call is handed on to. What the caller is called comes from outside: it is said, and no more than that. */
export function briefing({ text, party }: Extract<CallNotice, { kind: 'briefing' }>, language: 'en' | 'de'): string {
  const who = party.name !== '' ? party.name : party.number;
  if (language === 'de') return `Hier ist der Assistent. Ich verbinde Sie mit ${who === '' ? 'einem Anrufer' : who}. ${text}`.trim();
  return `This is the assistant. I am connecting you with ${who === '' ? 'a caller' : who}. ${text}`.trim();
}

/** Who speaks in a call, and for whom. */
export interface CallNames {
  assistant: string;
  /** What the owner is called; '' = not known. */
  owner: string;
}

/** First words of the assistant. `own`: the owner's, for calls that come in; '' = ours. */
export function greeting(
  brief: Pick<CallBrief, 'direction' | 'role' | 'purpose'>,
  { assistant, owner }: CallNames,
  own: string,
  language: 'en' | 'de',
): string {
  if (language === 'de') {
    if (brief.role === 'screening')
      return `Guten Tag, hier ist ${assistant}, die digitale Assistenz. Wer ist bitte am Apparat, und worum geht es?`;
    if (brief.role === 'message') return `Guten Tag, hier ist ${assistant}, die digitale Assistenz. Was darf ich ausrichten?`;
    if (brief.direction === 'out')
      return `Guten Tag, hier ist ${assistant}, eine digitale Assistenz. ${germanBehalf(owner)} ${germanPurpose(brief.purpose)}`.trim();
    return own === '' ? `Guten Tag, hier ist ${assistant}, die digitale Assistenz. Was kann ich für Sie tun?` : own;
  }
  if (brief.role === 'screening')
    return `Hello, this is ${assistant}, the digital assistant. Who is calling, please, and what is it about?`;
  if (brief.role === 'message') return `Hello, this is ${assistant}, the digital assistant. What may I pass on?`;
  if (brief.direction === 'out')
    return `Hello, this is ${assistant}, a digital assistant. ${englishBehalf(owner)} ${englishPurpose(brief.purpose)}`.trim();
  return own === '' ? `Hello, this is ${assistant}, the digital assistant. How can I help you?` : own;
}

/** What is left on an answering machine. */
export function machineMessage(purpose: string, names: CallNames, language: 'en' | 'de'): string {
  const first = greeting({ direction: 'out', role: 'assistant', purpose }, names, '', language);
  return `${first} ${language === 'de' ? 'Bitte rufen Sie zurück. Auf Wiederhören.' : 'Please call back. Goodbye.'}`;
}

const englishBehalf = (owner: string): string => `I am calling ${owner === '' ? 'on somebody’s behalf' : `for ${owner}`}.`;
const germanBehalf = (owner: string): string => `Ich rufe im Auftrag${owner === '' ? '' : ` von ${owner}`} an.`;

const MAX_PURPOSE = 120;

/** The first thing that the owner wants, short enough to be said in a breath, without a full stop. */
function mainPurpose(purpose: string): string {
  const [first = ''] = purpose.trim().split(/(?<=\p{L}{2})[.!?;](?:\s|$)|\n/u);
  const words = first.replace(/^(?:please|bitte)[,\s]+/i, '').trim();
  return words.length <= MAX_PURPOSE ? words : words.slice(0, MAX_PURPOSE).replace(/\s+\S*$/, '');
}

const startsSmall = (text: string): string => `${text.charAt(0).toLowerCase()}${text.slice(1)}`;

/** An order to the assistant ("ask for …", "an appointment") as a sentence to somebody else. */
function englishPurpose(purpose: string): string {
  const what = mainPurpose(purpose).replace(/^(?:call|phone|ring) [^,.]{1,60}? and /i, '');
  if (what === '') return '';
  if (
    /^(?:to )?(?:ask|book|reserve|order|cancel|make|arrange|schedule|reschedule|confirm|find out|check|inquire|enquire|get|move|postpone|invite|pick up)\b/i.test(
      what,
    )
  )
    return `I would like to ${startsSmall(what.replace(/^to /i, ''))}.`;
  return /^(?:an?|the|my|your|our|his|her|their) /i.test(what) ? `It is about ${startsSmall(what)}.` : `It is about this: ${what}.`;
}

/** Not the ones of a dative, which do not follow "um". Nouns keep their capital letter. */
const GERMAN_ARTICLE = /^(?:eine?n?|den|das|die|meine?n?|unsere?n?) /i;

function germanPurpose(purpose: string): string {
  const what = mainPurpose(purpose).replace(/^rufe? [^,.]{1,60}? an und /i, '');
  if (what === '') return '';
  const asked = /^frage?n? nach (.+)$/i.exec(what)?.[1];
  if (asked !== undefined) return `Ich möchte nach ${asked} fragen.`;
  // The infinitive stands last.
  if (/\s\p{Ll}+(?:en|ern|eln)$/u.test(what)) return `Ich möchte ${GERMAN_ARTICLE.test(what) ? startsSmall(what) : what}.`;
  return GERMAN_ARTICLE.test(what) ? `Es geht um ${startsSmall(what)}.` : `Es geht um Folgendes: ${what}.`;
}

const FAREWELL =
  /(?:^|[\s,.!?])(?:good ?bye|bye(?:[ -]bye)?|see you(?: (?:soon|later|then|tomorrow))?|talk to you (?:soon|later)|have a (?:nice|good|great) (?:day|evening|weekend)|auf wieder(?:hören|sehen|schauen)|tschüss|tschüs|tschau|ciao|servus|bis (?:dann|bald|später|morgen)|(?:einen )?schönen (?:tag|abend) noch)[\s.,!]*$/iu;

/** The last words are a goodbye. */
export function isFarewell(text: string): boolean {
  return FAREWELL.test(text.slice(-120));
}
