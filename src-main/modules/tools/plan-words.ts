import type { ToolPlanView } from '../../../src-preload/contract/index.ts';
import { formatBytes } from './built-in/format-bytes.ts';
import { inWords, type SpokenLanguage } from './intents/spoken-time.ts';

/*
 * What a call is going to do, in one line: English for the record and the model, German where it is spoken. The window has the same codes in its catalogues.
 */
const sentences = {
  'run-command': { en: 'Run {command}', de: '{command} ausführen' },
  'read-file': { en: 'Read {file}', de: '{file} lesen' },
  'write-file': { en: 'Write {file} ({sizeBytes})', de: '{file} schreiben ({sizeBytes})' },
  'replace-file': { en: 'Replace {file} ({sizeBytes})', de: '{file} ersetzen ({sizeBytes})' },
  'append-file': { en: 'Add to {file} ({sizeBytes})', de: 'An {file} anhängen ({sizeBytes})' },
  'list-folder': { en: 'List {folder}', de: 'In {folder} nachsehen' },
  'list-workspace': { en: 'List the workspace', de: 'Im Arbeitsordner nachsehen' },
  'search-folder': { en: 'Search for "{words}" in {folder}', de: 'In {folder} nach „{words}“ suchen' },
  'search-workspace': { en: 'Search for "{words}" in the workspace', de: 'Im Arbeitsordner nach „{words}“ suchen' },
  'load-page': { en: 'Load {address}', de: '{address} laden' },
  'read-clipboard': { en: 'Read the clipboard', de: 'Die Zwischenablage lesen' },
  'write-clipboard': { en: 'Copy "{text}"', de: '„{text}“ kopieren' },
  'open-link': { en: 'Open {address}', de: '{address} öffnen' },
  notify: { en: 'Notify: {title}', de: 'Hinweis zeigen: {title}' },
  'set-timer': { en: 'Timer: {durationMs}', de: 'Timer: {durationMs}' },
  'set-named-timer': { en: 'Timer: {durationMs} ({name})', de: 'Timer: {durationMs} ({name})' },
  'remind-in': { en: 'Reminder: {text} (in {durationMs})', de: 'Erinnerung: {text} (in {durationMs})' },
  'remind-at': { en: 'Reminder: {text} ({time})', de: 'Erinnerung: {text} ({time})' },
  'list-timers': { en: 'List timers and reminders', de: 'Timer und Erinnerungen ansehen' },
  'cancel-timer': { en: 'Cancel a timer', de: 'Einen Timer löschen' },
  'cancel-named-timer': { en: 'Cancel a timer: {text}', de: 'Einen Timer löschen: {text}' },
  calculate: { en: 'Calculate {expression}', de: '{expression} ausrechnen' },
  'look-at-clock': { en: 'Look at the clock', de: 'Auf die Uhr sehen' },
  'look-up-place': { en: 'Look up the place that was set', de: 'Den eingetragenen Ort nachsehen' },
  'look-at-disk': { en: 'Look at the free disk space', de: 'Den freien Speicherplatz nachsehen' },
  'read-page': { en: 'Read the shared page', de: 'Die gezeigte Seite lesen' },
  'call-number': { en: 'Call {who}: {purpose}', de: '{who} anrufen: {purpose}' },
  'call-yourself': { en: 'Call {who}, for you to speak', de: '{who} anrufen, um selbst zu sprechen' },
  'hang-up': { en: 'Hang up', de: 'Auflegen' },
  'search-tools': { en: 'Search for tools: {words}', de: 'Werkzeuge suchen: {words}' },
} as const satisfies Record<string, Record<SpokenLanguage, string>>;

type PlanCode = keyof typeof sentences;
type PlanValues = Readonly<Record<string, string | number>>;

/** The line of a plan, with what translates it. */
export type PlanWords = Required<Pick<ToolPlanView, 'summary' | 'code' | 'values'>>;

export const planCodes = Object.keys(sentences) as readonly PlanCode[];

export function planWords(code: PlanCode, values: PlanValues = {}): PlanWords {
  return { summary: filled(sentences[code].en, values, 'en'), code, values: { ...values } };
}

/** The line of a plan in a language; what has no code is said as it is. */
export function planSummary({ summary, code, values }: Pick<ToolPlanView, 'summary' | 'code' | 'values'>, language: string): string {
  if (!language.startsWith('de') || code === undefined || !isPlanCode(code)) return summary;
  return filled(sentences[code].de, values ?? {}, 'de');
}

function isPlanCode(code: string): code is PlanCode {
  return Object.hasOwn(sentences, code);
}

function filled(sentence: string, values: PlanValues, language: SpokenLanguage): string {
  return sentence.replaceAll(/\{([a-zA-Z]+)\}/g, (blank, name: string) => {
    const value = values[name];
    if (typeof value !== 'number') return value ?? blank;
    if (name.endsWith('Bytes')) return formatBytes(value);
    return name.endsWith('Ms') ? inWords(value, language, sentence.includes(`in {${name}}`) ? 'dative' : 'plain') : String(value);
  });
}
