import { createId } from '../../base/ids.ts';
import type { Intent } from '../tools/index.ts';

/*
 * "Call the dentist and ask for an appointment next week", "Ruf meine Mutter an und sag, dass ich später komme": who, and what for. In the manner of
 * modules/tools/intents: what does not fit in its whole is left to the model.
 */

interface PhoneWish {
  to: string;
  purpose: string;
}

const MAX_CHARS = 500;

interface PhonePattern {
  language: 'en' | 'de';
  pattern: RegExp;
}

const WHO = "(?<to>[\\p{L}\\d+][\\p{L}\\p{M}\\d +()/.'-]{0,60}?)";

/** Each has the groups `to` and, where something shall be said, `purpose`. */
const phonePatterns: readonly PhonePattern[] = [
  make(
    'en',
    `(?:call|phone|ring|ring up|give a call to|dial) ${WHO}(?: up)?(?:,? and (?<purpose>(?:ask|tell|say|book|make|arrange|cancel|reserve|order|let|remind|find out|request|move|confirm|invite|wish|thank)\\b.{2,400})|,? to (?<aim>\\p{L}.{2,400}))?`,
  ),
  make(
    'de',
    `(?:ruf|rufe|rufen sie)(?: bitte)?(?: mal)? ${WHO} an(?:,? und (?<purpose>(?:frag|frage|sag|sage|bitte|vereinbare|mach|mache|bestell|bestelle|reservier|reserviere|buch|buche|verschieb|verschiebe|erinnere|lade|wünsch|wünsche|bedanke|bestätige|richte|storniere|sag .+ ab)\\b.{0,400})|,? um (?<aim>.{2,400}))?`,
  ),
  make('de', `${WHO} anrufen(?:,? und (?<purpose>(?:fragen|ihr sagen|ihm sagen|sagen|bitten|ausrichten|einen termin|nach)\\b.{0,400}))?`),
  make('de', `(?:telefonier|telefoniere)(?: bitte)?(?: mal)? mit ${WHO}(?:,? und (?<purpose>.{2,400}))?`),
];

/** A call that the owner plainly asks for, with what it is for; undefined = leave it to the model. */
export function phoneIntent(question: string, language: string): Intent | undefined {
  const wish = question.length > MAX_CHARS ? undefined : readPhoneWish(question);
  // Without a purpose there is nothing that the assistant could say there.
  if (wish === undefined || wish.purpose === '') return undefined;
  const german = language.startsWith('de');
  return {
    calls: [{ id: createId('ask'), name: 'phone_call', input: { to: wish.to, purpose: wish.purpose } }],
    answer([result]) {
      if (result === undefined) return '';
      if (result.state === 'background')
        return german ? 'Ich rufe an und sage dir, was dabei herauskommt.' : 'I am calling now, and will tell you what comes of it.';
      const text = result.text.replace(/^(?:Refused|Failed|Ended): /, '');
      if (result.state === 'done') return text;
      if (german) return 'Den Anruf habe ich nicht gemacht. Im Verlauf steht, warum.';
      return result.state === 'refused' ? `I did not call. ${text}` : `The call did not work. ${text}`;
    },
  };
}

/** Said around a wish without changing it. */
const AROUND =
  /^(?:(?:please|hey|ok(?:ay)?|can you|could you|would you|will you|i want you to|bitte|kannst du|könntest du|würdest du)[, ]+)+|(?:[, ]+(?:please|for me|thanks|bitte|für mich|danke))+$/gi;

function readPhoneWish(sentence: string): PhoneWish | undefined {
  const text = sentence
    .replaceAll(/\s+/g, ' ')
    .replaceAll('’', "'")
    .trim()
    .replace(/[\s?!.…]+$/, '')
    .replaceAll(AROUND, '')
    .trim();
  for (const { pattern } of phonePatterns) {
    const groups = pattern.exec(text)?.groups;
    const to = groups?.['to']?.trim();
    // "Call me Tom" and "call it a day" are no telephone calls.
    if (to === undefined || /^(?:me|it|this|that|you|mich|dich|es|das)\b/i.test(to)) continue;
    return { to, purpose: (groups?.['purpose'] ?? groups?.['aim'] ?? '').trim() };
  }
  return undefined;
}

function make(language: 'en' | 'de', source: string): PhonePattern {
  return { language, pattern: new RegExp(`^(?:${source})$`, 'iu') };
}
