import type { CallRecord } from '../../../../src-preload/contract/index.ts';
import { DIGIT_WORDS } from '../digit-words.ts';
import { atMost, MAX_SUMMARY_CHARACTERS, tidied, type CallLanguage, type CallSummary } from './call-facts.ts';

type Said = Pick<CallRecord, 'segments'> & { call: { party: Pick<CallRecord['call']['party'], 'name' | 'number'> } };

/** Without a model: who it was, what they wished, what was agreed, and how to reach them, in the words of the call. */
export function plainSummary(record: Said, language: CallLanguage): CallSummary {
  const said = saidBy(record);
  const telling = said.filter((sentence) => sentence.split(/\s+/).length >= 4);
  const weighed = (telling.length > 0 ? telling : said).map((sentence, place) => ({ sentence, place, weight: weightOf(sentence) }));
  const first = weighed.toSorted((left, right) => right.weight - left.weight || left.place - right.place).slice(0, MAX_SENTENCES);
  const chosen = first.toSorted((left, right) => left.place - right.place).map(({ sentence }) => sentence);
  if (chosen.length === 0) return { summary: '', tasks: [] };
  const words = chosen.join(' ');
  const name = record.call.party.name === '' ? nameIn(said) : record.call.party.name;
  const named = name === '' || words.includes(name) ? words : `${name}: ${words}`;
  const agreed = agreedIn(record);
  const told = agreed === '' ? named : `${named} ${language === 'de' ? 'Vereinbart' : 'Agreed'}: ${agreed}`;
  return { summary: withCallBack(told, record, language), tasks: tasksIn(said) };
}

/** A wish says more than a fact, and a fact more than the rest. */
function weightOf(sentence: string): number {
  if (sentence.length > MAX_SENTENCE) return 0;
  return (WISHES.test(sentence) ? 2 : 0) + (FACTS.test(sentence) ? 1 : 0);
}

/** The last that this side has promised or confirmed; '' = nothing. */
function agreedIn({ segments }: Said): string {
  const here = segments.filter(({ speaker }) => speaker === 'assistant' || speaker === 'owner').flatMap(({ text }) => sentencesOf(text));
  return here.findLast((sentence) => sentence.length <= MAX_SENTENCE && AGREES.test(sentence) && !sentence.endsWith('?')) ?? '';
}

/** With the number to call back, where it was asked for and is not in it. */
export function withCallBack(summary: string, record: Said, language: CallLanguage): string {
  const said = saidBy(record);
  const spoken = numberIn(record);
  const number =
    spoken === '' && said.some((sentence) => sentence.length <= MAX_SENTENCE && CALL_BACK.test(sentence))
      ? record.call.party.number
      : spoken;
  const isThere = number !== '' && summary.replace(/\D/g, '').includes(number.replace(/\D/g, ''));
  const line = number === '' || isThere ? '' : language === 'de' ? ` Rückruf: ${number}` : ` Call back: ${number}`;
  return `${atMost(summary, MAX_SUMMARY_CHARACTERS - line.length)}${line}`;
}

const MAX_SENTENCES = 3;
/** Longer ones are none that a pattern should run over. */
const MAX_SENTENCE = 400;

const WISHES =
  /\b(?:i(?:'d| would) (?:like|love)|i (?:want|need|wanted|am calling|have a question)|i'm calling|could (?:you|i|we)|can (?:you|i|we)|please|ich (?:möchte|wollte|würde|brauche|hätte|bräuchte|rufe (?:an|wegen))|es geht um|wir (?:möchten|wollen|brauchen|hätten)|können (?:sie|wir)|könnten? (?:sie|ich|wir)|bitte)\b/iu;

/** Numbers, days and times. */
const FACTS =
  /\d|\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|tomorrow|tonight|o'clock|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|heute|morgen|uhr)\b/iu;

const AGREES =
  /\b(?:i(?:'ll| will) (?:tell|pass|let|note|ask|be|bring|come|call|send)|(?:is|are) (?:confirmed|booked|agreed|fine with me)|agreed|see you (?:on|at|tomorrow)|that works|ich (?:richte|gebe|sage) .{1,60}\b(?:aus|weiter|bescheid)|ich (?:werde|notiere|komme|bringe|rufe|schicke)|vereinbart|bestätigt|einverstanden|(?:das|es) passt|bis (?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|morgen))\b/iu;

const CALL_BACK = /\b(?:(?:call|ring|phone) (?:me|us) back|call back|rückruf|zurück(?:zu)?rufen|(?:rufen? sie|ruf)\b.{0,40}\bzurück)\b/iu;

/** Sentences in which somebody asks for something to be done, in English and German. */
const ASKS =
  /\b(?:please (?:call|tell|send|bring|ring|remind|let|ask|confirm|pay|pick)|(?:call|ring) (?:me|us) back|(?:don't|do not) forget|remember to|you (?:need|have) to|could you (?:call|send|tell|bring)|bitte\b.{0,60}\b(?:anrufen|zurückrufen|schicken|senden|sagen|bringen|melden|ausrichten|bestätigen|bezahlen|abholen)|(?:rufen? sie|ruf)\b.{0,30}\b(?:zurück|an)\b|nicht vergessen|melden sie sich|richten sie)/i;

export function tasksIn(lines: readonly string[]): string[] {
  const sentences = lines.flatMap((line) =>
    sentencesOf(line.replace(/^(?:Caller|Anrufer|Owner|Besitzer|Assistant|Assistent|Note|Notiz): /, '')),
  );
  return tidied(sentences.filter((sentence) => sentence.length <= MAX_SENTENCE && ASKS.test(sentence)));
}

const TITLES = String.raw`(?:(?:Dr|Doctor|Doktor|Mr|Mrs|Ms|Miss|Professor|Herr|Frau)\.?\s+)?`;
const NAME = String.raw`\p{Lu}[\p{L}'’-]{1,30}(?:\s+\p{Lu}[\p{L}'’-]{1,30})?`;
const INTRODUCES = new RegExp(
  String.raw`\b(?:[Mm]y name is|[Tt]his is|I am|I'm|[Mm]ein Name ist|[Hh]ier (?:ist|spricht)|[Ii]ch heiße)\s+(${TITLES}${NAME})`,
  'u',
);

/** As they introduced themselves; '' = they did not. */
function nameIn(said: readonly string[]): string {
  for (const sentence of said) {
    const name = sentence.length <= MAX_SENTENCE ? INTRODUCES.exec(sentence)?.[1] : undefined;
    if (name !== undefined) return name;
  }
  return '';
}

const LEAST_DIGITS = 5;
const MOST_DIGITS = 18;

/** Whoever says so, or asks for it, speaks of a telephone number in this sentence or in the next. */
const TELLS_NUMBER =
  /\b(?:(?:call|ring|phone|reach|text|contact) (?:me|us|him|her|them|back)|please (?:call|ring)|dial|reach(?:ed|able)|(?:my|our|the|your|her|his|what|which|this|phone|telephone|mobile|cell|work|home) number|mobile is|rückruf|zurück(?:zu)?rufen|rufen? sie|ruf|melden sie|(?:meine|unsere|ihre|deine|seine|die|dieser?|welcher?|welchen|der) nummer|(?:telefon|handy|mobil|ruf)nummer|handy|durchwahl|erreich(?:en|bar|t|st|e))\b/iu;

/** What else is counted and numbered. */
const OTHER_NUMBERS =
  /[€$£%]|\b(?:(?:euros?|dollars?|pounds?|francs?|franken|percent|prozent|invoice|reference|ticket|booking|tracking|serial|postcode|(?:order|account|customer|contract|policy) number)\b|rechnung|auftrag|bestell|kundennummer|kontonummer|vertragsnummer|buchung|sendung|vorgang|postleitzahl)/iu;
const DATES = /\b(?:\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d|\d{1,2}\/\d{1,2}\/(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)\b/g;

/** The last telephone number that was said, in digits or digit by digit; '' = none. */
function numberIn({ segments }: Said): string {
  let found = '';
  let isTold = false;
  const sentences = segments.flatMap(({ speaker, text }) => sentencesOf(text).map((sentence) => ({ speaker, sentence })));
  for (const { speaker, sentence } of sentences) {
    const wasTold = isTold;
    isTold = TELLS_NUMBER.test(sentence);
    if (speaker !== 'caller' || !(isTold || wasTold) || OTHER_NUMBERS.test(sentence)) continue;
    let run = '';
    for (const word of [
      ...sentence
        .toLowerCase()
        .replace(DATES, ' date ')
        .split(/[^\p{L}\p{N}+]+/u),
      '.',
    ]) {
      const digits = /^\+?\d+$/.test(word) ? word : DIGIT_WORDS[word];
      if (digits !== undefined) run += digits;
      else {
        const { length } = run.replace(/\D/g, '');
        if (length >= LEAST_DIGITS && length <= MOST_DIGITS) found = run;
        run = '';
      }
    }
  }
  return found;
}

function saidBy({ segments }: Said): string[] {
  return segments.filter(({ speaker }) => speaker === 'caller').flatMap(({ text }) => sentencesOf(text));
}

export function sentencesOf(text: string): string[] {
  return text
    .replace(/\s+/g, ' ')
    .split(/(?<=[.!?…])\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}
