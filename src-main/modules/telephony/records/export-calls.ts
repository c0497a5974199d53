import type { CallRecord } from '../../../../src-preload/contract/index.ts';

export interface CallExportOptions {
  locale: 'en' | 'de';
  /** IANA name; undefined = that of this computer. */
  timeZone?: string;
}

const WORDS = {
  en: {
    title: 'Calls',
    unknown: 'Withheld',
    directions: { in: 'from', out: 'to' },
    answeredBy: {
      owner: 'you',
      mobile: 'your mobile phone',
      assistant: 'the assistant',
      message: 'the assistant (message)',
      nobody: 'nobody',
    },
    answered: 'Answered by',
    duration: 'Duration',
    purpose: 'Purpose',
    tasks: 'Tasks',
    speakers: { caller: 'Caller', assistant: 'Assistant', owner: 'You', note: 'Note' },
  },
  de: {
    title: 'Anrufe',
    unknown: 'Unterdrückt',
    directions: { in: 'von', out: 'an' },
    answeredBy: {
      owner: 'dir',
      mobile: 'deinem Mobiltelefon',
      assistant: 'dem Assistenten',
      message: 'dem Assistenten (Nachricht)',
      nobody: 'niemandem',
    },
    answered: 'Angenommen von',
    duration: 'Dauer',
    purpose: 'Anlass',
    tasks: 'Aufgaben',
    speakers: { caller: 'Anrufer', assistant: 'Assistent', owner: 'Du', note: 'Notiz' },
  },
} as const;

/** A file, written call by call, so that a long log is never a single piece of work. Its text is in memory as a whole, for a moment twice: in pieces, and joined. */
interface Writer {
  head: string;
  between: string;
  end: string;
  call(record: CallRecord): string;
}

/** Calls as a file that other programs can read: everything (json), to be read (markdown), or one line each for a spreadsheet (csv). */
export async function exportCalls(
  records: AsyncIterable<CallRecord> | Iterable<CallRecord>,
  format: 'markdown' | 'json' | 'csv',
  nowMs: number,
  options: CallExportOptions,
): Promise<{ fileName: string; content: string }> {
  const day = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', ...zoneOf(options) }).format(nowMs);
  const ending = { markdown: 'md', json: 'json', csv: 'csv' }[format];
  const writer = { markdown: markdownWriter, json: jsonWriter, csv: csvWriter }[format](options);
  const written: string[] = [];
  for await (const record of records) written.push(writer.call(record));
  return {
    fileName: `${WORDS[options.locale].title} ${day}.${ending}`,
    content: `${writer.head}${written.join(writer.between)}${writer.end}`,
  };
}

function jsonWriter(): Writer {
  return {
    head: '{\n  "format": "openclaw-calls",\n  "version": 1,\n  "calls": [\n    ',
    between: ',\n    ',
    end: '\n  ]\n}\n',
    call: (record) => JSON.stringify(record, null, 2).replaceAll('\n', '\n    '),
  };
}

function markdownWriter(options: CallExportOptions): Writer {
  const words = WORDS[options.locale];
  const time = new Intl.DateTimeFormat(options.locale, { dateStyle: 'medium', timeStyle: 'short', ...zoneOf(options) });
  return {
    head: `# ${words.title}\n\n`,
    between: '\n\n',
    end: '\n',
    call({ call, answeredBy, durationMs, summary, tasks, segments }) {
      const who = oneLine([call.party.name, call.party.number].filter((part) => part !== '').join(' · ')) || words.unknown;
      return [
        `## ${time.format(call.startedAtMs)} · ${words.directions[call.direction]} ${plain(who)}`,
        `${words.answered}: ${words.answeredBy[answeredBy ?? 'nobody']} · ${words.duration}: ${clockTime(durationMs)}`,
        ...(call.purpose === '' ? [] : [`${words.purpose}: ${plain(oneLine(call.purpose))}`]),
        ...(summary === '' ? [] : [plain(oneLine(summary))]),
        ...(tasks.length === 0 ? [] : [`${words.tasks}:`, tasks.map((task) => `- [ ] ${plain(oneLine(task))}`).join('\n')]),
        ...segments.map(({ speaker, text, startMs }) => `**${clockTime(startMs)} ${words.speakers[speaker]}:** ${plain(oneLine(text))}`),
      ].join('\n\n');
    },
  };
}

const COLUMNS = [
  'started',
  'direction',
  'number',
  'name',
  'answered by',
  'duration s',
  'end',
  'summary',
  'tasks',
  'sentiment',
  'response ms',
];

function csvWriter(options: CallExportOptions): Writer {
  const time = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', ...zoneOf(options) });
  return {
    // The mark in front lets spreadsheets see that it is UTF-8.
    head: `\uFEFF${csvLine(COLUMNS)}`,
    between: '',
    end: '',
    call: ({ call, answeredBy, durationMs, summary, tasks, sentiment, latenciesMs }) =>
      csvLine([
        time.format(call.startedAtMs),
        call.direction,
        call.party.number,
        call.party.name,
        answeredBy ?? 'nobody',
        String(Math.round(durationMs / 1000)),
        call.state.state === 'ended' ? call.state.reason : '',
        summary,
        tasks.join(' | '),
        sentiment === null ? '' : String(sentiment),
        latenciesMs.length === 0 ? '' : String(Math.round(latenciesMs.reduce((sum, ms) => sum + ms, 0) / latenciesMs.length)),
      ]),
  };
}

function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * A cell that no spreadsheet takes for a formula: what begins with = + - @ gets an apostrophe in front, also behind blanks and control characters; numbers of
 * our own making are left as they are.
 */
function csvCell(value: string): string {
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(value);
  const line = value.replace(/[\r\n]+/g, ' ');
  const safe = !isNumber && /^[\s\p{Cc}\p{Cf}]*[=+\-@|%\uFF1D\uFF0B\uFF0D\uFF20]/u.test(line) ? `'${line}` : line;
  return `"${safe.replaceAll('"', '""')}"`;
}

/** Text from outside must not become markup or links in a file that is opened elsewhere. */
function plain(text: string): string {
  return text.replace(/[\\`*_[\]<>#|!]/g, (sign) => `\\${sign}`);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function clockTime(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map((part) => String(part).padStart(2, '0'));
  return (seconds >= 3600 ? parts : parts.slice(1)).join(':');
}

function zoneOf({ timeZone }: CallExportOptions): { timeZone?: string } {
  return timeZone === undefined ? {} : { timeZone };
}
