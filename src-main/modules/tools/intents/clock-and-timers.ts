import { notDone, type IntentPart, type IntentPattern, type IntentWays } from './intent-part.ts';
import { inWords, spokenDuration, spokenNumber, type SpokenLanguage } from './spoken-time.ts';

/*
 * The time, timers and reminders.
 */

const LENGTH = String.raw`(?<length>[\p{L}\p{N} ,.-]{1,60}?)`;
const EN_AT = String.raw`(?<day>tomorrow )?at (?<time>[\p{N}:. ]{1,8}(?: ?[ap]\.?m\.?)?| noon| midnight|noon|midnight)`;
const DE_AT = String.raw`(?<day>morgen )?um (?<time>[\p{L}\p{N}:. ]{1,20}?)(?: uhr(?: (?<minutes>[\p{L}\p{N}]{1,20}))?)`;

export const clockAndTimerPatterns: readonly IntentPattern[] = [
  make('en', "(?:what time is it|what's the time|whats the time|what is the time|tell me the time)(?: now| right now)?", () =>
    clockPart('en', 'time'),
  ),
  make(
    'en',
    "(?:what day is it|what day is today|what's the date|what is the date|what is today's date|what's today's date|what date is it)(?: today)?",
    () => clockPart('en', 'date'),
  ),
  make(
    'de',
    '(?:wie spät ist es|wie viel uhr ist es|wieviel uhr ist es|wie spät haben wir es|sag mir die uhrzeit)(?: jetzt| gerade)?',
    () => clockPart('de', 'time'),
  ),
  make(
    'de',
    '(?:welcher tag ist heute|welchen tag haben wir(?: heute)?|welches datum ist heute|welches datum haben wir(?: heute)?|der wievielte ist heute|was für ein tag ist heute)',
    () => clockPart('de', 'date'),
  ),

  make('en', `(?:set|start|create|make|give me)(?: me)? (?:a |an )?timer (?:for|of|to) ${LENGTH}`, ({ length = '' }) =>
    timerPart(length, 'en'),
  ),
  make('en', `(?:set|start|create|make|give me)(?: me)? (?:a |an )?${LENGTH} timer`, ({ length = '' }) => timerPart(length, 'en')),
  make('en', `timer(?: for| of)? ${LENGTH}`, ({ length = '' }) => timerPart(length, 'en')),
  make(
    'de',
    `(?:stell|stelle|setz|setze|starte|mach)(?: mir)?(?: bitte)? (?:einen|nen) (?:timer|wecker|kurzzeitwecker) (?:auf|für|von|über|in) ${LENGTH}`,
    ({ length = '' }) => timerPart(length, 'de'),
  ),
  make('de', `timer(?: auf| für| über)? ${LENGTH}`, ({ length = '' }) => timerPart(length, 'de')),

  make('en', `remind me in ${LENGTH} (?:to|about|of|that) (?<what>.{1,300})`, ({ length = '', what = '' }) =>
    reminderPart(what, spokenDuration(length), 'en'),
  ),
  make('en', `remind me (?:to|about|of) (?<what>.{1,300}) in ${LENGTH}`, ({ length = '', what = '' }) =>
    reminderPart(what, spokenDuration(length), 'en'),
  ),
  make('en', `remind me ${EN_AT} (?:to|about|of|that) (?<what>.{1,300})`, (groups, ways) =>
    reminderPart(groups['what'] ?? '', untilEnglish(groups, ways), 'en'),
  ),
  make('en', `remind me (?:to|about|of) (?<what>.{1,300}?) ${EN_AT}`, (groups, ways) =>
    reminderPart(groups['what'] ?? '', untilEnglish(groups, ways), 'en'),
  ),
  make('de', `erinner(?:e)? mich(?: bitte)? in ${LENGTH} (?:daran,? )(?<what>.{1,300})`, ({ length = '', what = '' }) =>
    reminderPart(what, spokenDuration(length), 'de'),
  ),
  make('de', `erinner(?:e)? mich(?: bitte)? in ${LENGTH} an (?<what>.{1,300})`, ({ length = '', what = '' }) =>
    reminderPart(what, spokenDuration(length), 'de'),
  ),
  make('de', `erinner(?:e)? mich(?: bitte)? an (?<what>.{1,300}) in ${LENGTH}`, ({ length = '', what = '' }) =>
    reminderPart(what, spokenDuration(length), 'de'),
  ),
  make('de', `erinner(?:e)? mich(?: bitte)? ${DE_AT} (?:daran,? |an )(?<what>.{1,300})`, (groups, ways) =>
    reminderPart(groups['what'] ?? '', untilGerman(groups, ways), 'de'),
  ),

  make('en', '(?:what|which) (?:timers|reminders|timers and reminders)(?: do i have| are (?:there|set|running|on|active))?', () =>
    listPart('en'),
  ),
  make(
    'en',
    '(?:list|show|show me|read)(?: me)?(?: all)?(?: of)? my (?:timers|reminders|timers and reminders)|how (?:long|much time) is (?:left )?(?:on |left on )(?:my|the) timer(?: left)?|how (?:long|much time) (?:does|has) (?:my|the) timer (?:have )?(?:got )?left',
    () => listPart('en'),
  ),
  make(
    'de',
    '(?:welche|was für) (?:timer|erinnerungen|wecker)(?: laufen| habe ich| gibt es| sind gestellt| sind gesetzt)?(?: gerade| noch)?|wie lange läuft (?:der|mein) timer noch|wie lange (?:noch|geht der timer noch)',
    () => listPart('de'),
  ),
  make('en', '(?:cancel|stop|delete|remove|turn off|end) (?:the|my) (?:timer|alarm|countdown)', () => cancelPart(undefined, 'en')),
  make('en', '(?:cancel|delete|remove) (?:the|my) reminder(?: (?:about|to|for|of) (?<what>.{1,200}))?', ({ what }) =>
    cancelPart(what, 'en'),
  ),
  make(
    'de',
    '(?:lösch|lösche|stopp|stoppe|beende|entferne) (?:den|meinen) (?:timer|wecker)|(?:brich|schalte?) (?:den|meinen) (?:timer|wecker) (?:ab|aus)',
    () => cancelPart(undefined, 'de'),
  ),
  make('de', '(?:lösch|lösche|entferne) (?:die|meine) erinnerung(?: (?:an|für) (?<what>.{1,200}))?', ({ what }) => cancelPart(what, 'de')),
];

function make(language: SpokenLanguage, source: string, build: IntentPattern['build']): IntentPattern {
  return { language, pattern: new RegExp(`^(?:${source})$`, 'iu'), build };
}

function clockPart(language: SpokenLanguage, what: 'time' | 'date'): IntentPart {
  return {
    calls: [{ name: 'date_and_time', input: {} }],
    answer([result]) {
      if (!result || result.state !== 'done') return result ? notDone(result, language) : '';
      const [, day = '', hours = '', minutes = ''] = /^(.*?) at (\d\d):(\d\d)/.exec(result.text) ?? [];
      const date = new Date(`${day.replace(/^\w+,? /, '')} ${hours}:${minutes}`);
      if (Number.isNaN(date.getTime())) return result.text;
      if (what === 'time') return language === 'en' ? `It is ${timeWords(date, 'en')}.` : `Es ist ${timeWords(date, 'de')}.`;
      const words = new Intl.DateTimeFormat(language === 'en' ? 'en-US' : 'de-DE', { dateStyle: 'full' }).format(date);
      return language === 'en' ? `Today is ${words}.` : `Heute ist ${words}.`;
    },
  };
}

function timeWords(date: Date, language: SpokenLanguage): string {
  if (language === 'en')
    return new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit' }).format(date).replaceAll('\u202f', ' ');
  return `${date.getHours()} Uhr${date.getMinutes() === 0 ? '' : ` ${date.getMinutes()}`}`;
}

const YEAR_MS = 366 * 86_400_000;

function timerPart(length: string, language: SpokenLanguage): IntentPart | undefined {
  const ms = spokenDuration(length);
  if (ms === undefined || ms > YEAR_MS) return undefined;
  return {
    calls: [{ name: 'set_timer', input: { seconds: ms / 1_000 } }],
    answer([result]) {
      if (!result || result.state !== 'done') return result ? notDone(result, language) : '';
      return language === 'en' ? `Timer set for ${inWords(ms, 'en')}.` : `Der Timer läuft: ${inWords(ms, 'de')}.`;
    },
  };
}

function reminderPart(what: string, ms: number | undefined, language: SpokenLanguage): IntentPart | undefined {
  const text = what.trim();
  if (ms === undefined || ms <= 0 || ms > YEAR_MS || text === '') return undefined;
  return {
    calls: [{ name: 'set_reminder', input: { text, seconds: Math.max(1, Math.round(ms / 1_000)) } }],
    answer([result]) {
      if (!result || result.state !== 'done') return result ? notDone(result, language) : '';
      return language === 'en' ? `I will remind you in ${inWords(ms, 'en')}.` : `Ich erinnere dich in ${inWords(ms, 'de', 'dative')}.`;
    },
  };
}

/** From now to the next such time, or to that of tomorrow; local. */
function until(hours: number, minutes: number, isTomorrow: boolean, nowMs: number): number | undefined {
  if (hours > 24 || minutes > 59) return undefined;
  const target = new Date(nowMs);
  target.setHours(hours, minutes, 0, 0);
  if (isTomorrow || target.getTime() <= nowMs) target.setDate(target.getDate() + 1);
  return target.getTime() - nowMs;
}

function untilEnglish({ day, time = '' }: Readonly<Record<string, string | undefined>>, { nowMs }: IntentWays): number | undefined {
  const said = time.trim().toLowerCase();
  if (said === 'noon') return until(12, 0, day !== undefined, nowMs);
  if (said === 'midnight') return until(24, 0, false, nowMs);
  const [, hour, minute = '0', half] = /^(\d{1,2})(?:[:. ](\d\d))?(?: ?([ap])\.?m\.?)?$/.exec(said) ?? [];
  if (hour === undefined) return undefined;
  const hours = Number(hour);
  // "at five" without am or pm is ambiguous: the model may ask.
  if (half === undefined) return hours > 12 || said.includes(':') ? until(hours, Number(minute), day !== undefined, nowMs) : undefined;
  return hours < 1 || hours > 12 ? undefined : until((hours % 12) + (half === 'p' ? 12 : 0), Number(minute), day !== undefined, nowMs);
}

function untilGerman({ day, time = '', minutes }: Readonly<Record<string, string | undefined>>, { nowMs }: IntentWays): number | undefined {
  const [, hour, minute] = /^(\d{1,2})[:.](\d\d)$/.exec(time.trim()) ?? [];
  const hours = hour === undefined ? spokenNumber(time) : Number(hour);
  const after = minute === undefined ? (minutes === undefined ? 0 : spokenNumber(minutes)) : Number(minute);
  return hours === undefined || after === undefined ? undefined : until(hours, after, day !== undefined, nowMs);
}

function listPart(language: SpokenLanguage): IntentPart {
  return {
    calls: [{ name: 'list_timers', input: {} }],
    answer([result]) {
      if (!result || result.state !== 'done') return result ? notDone(result, language) : '';
      const lines = result.text
        .split('\n')
        .map((line) => /^(timer|reminder)(?: "(.*)")?: in (.*) \[/.exec(line))
        .filter((found) => found !== null);
      if (lines.length === 0)
        return language === 'en' ? 'No timer or reminder is set.' : 'Es ist kein Timer und keine Erinnerung gestellt.';
      return lines
        .slice(0, 5)
        .map(([, kind = '', name = '', left = '']) => {
          if (language === 'en') return `${kind === 'timer' ? 'A timer' : 'A reminder'}${name === '' ? '' : ` "${name}"`} in ${left}.`;
          return `${kind === 'timer' ? 'Ein Timer' : 'Eine Erinnerung'}${name === '' ? '' : ` „${name}“`} in ${inWords(spokenDuration(left) ?? 0, 'de', 'dative')}.`;
        })
        .join(' ');
    },
  };
}

function cancelPart(what: string | undefined, language: SpokenLanguage): IntentPart {
  return {
    calls: [{ name: 'cancel_timer', input: what === undefined ? {} : { text: what.trim() } }],
    answer([result]) {
      if (!result) return '';
      if (/There is no such timer/.test(result.text))
        return language === 'en' ? 'There is no such timer.' : 'So einen Timer gibt es nicht.';
      if (result.state !== 'done') return notDone(result, language);
      return language === 'en' ? 'It is cancelled.' : 'Ist gelöscht.';
    },
  };
}
