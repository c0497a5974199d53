import type { ToolResult } from '../tools.ts';
import { listed, notDone, type IntentPart, type IntentPattern, type IntentWays } from './intent-part.ts';
import type { SpokenLanguage } from './spoken-time.ts';

/*
 * Free space and what lies in a folder. With a sandbox both are looked at by commands in it, as a model would; without one by the app's own tools.
 */

const EN_DISK = String.raw`(?: (?:on|in) (?:my|the|this|your) (?:hard ?)?(?:disk|drive|disc|computer|machine|ssd|pc|laptop|system))`;
const DE_DISK = String.raw`(?: (?:auf|in) (?:meiner|der|meinem|dem|diesem|dieser) (?:festplatte|platte|disk|disc|computer|rechner|laufwerk|ssd|pc|laptop|gerät))`;
const EN_SPACE = '(?:free |available )?(?:disk |storage |hard drive |hard disk )?(?:space|storage)';
const DE_SPACE = '(?:freier |freien )?(?:speicher ?platz|platz|speicher|festplatten ?platz|plattenplatz)';
const FOLDER = String.raw`(?<folder>[\p{L}\p{N}_][\p{L}\p{N} _.-]{0,60}?)`;

export const diskAndFolderPatterns: readonly IntentPattern[] = [
  disk(
    'en',
    `how much ${EN_SPACE} (?:is|do i have|have i got|is there|remains)(?: left| free| available| still free)?${EN_DISK}?(?: left| free| available)?`,
  ),
  disk('en', `how (?:full|empty) is (?:my|the) (?:hard ?)?(?:disk|drive|ssd)`),
  disk('en', `(?:what is|what's|show me|check) (?:my|the) free (?:disk )?space${EN_DISK}?`),
  disk(
    'de',
    `wie ?viel ${DE_SPACE} (?:ist|habe ich|hab ich|gibt es|bleibt|bleibt mir)(?: noch)?${DE_DISK}?(?: noch)?(?: frei| übrig)?${DE_DISK}?`,
  ),
  disk('de', `wie ?viel ${DE_SPACE}(?: noch)?${DE_DISK}?(?: noch)? (?:frei|übrig) ist`),
  disk('de', `wie ?viel ist${DE_DISK}(?: noch)? frei`),
  disk('de', `wie voll ist (?:meine|die) (?:fest)?platte`),
  folder(
    'en',
    `(?:what is|what's|what are|whats|what do i have|what files are|which files are|what have i got) (?:in|inside) (?:my|the|your) ${FOLDER}(?: folder| directory)`,
  ),
  folder(
    'en',
    `(?:list|show me|show) (?:the files in |the contents of |everything in |what is in |what's in )?(?:my|the|your) ${FOLDER} (?:folder|directory)`,
  ),
  folder('en', `(?:what is|what's) in (?:my|the|your) (?<folder>notes|documents|workspace)`),
  folder(
    'de',
    `(?:was|welche dateien) (?:ist|liegt|liegen|sind|steht|gibt es|habe ich) (?:in|im) (?:meinem |dem |deinem )?(?:ordner |verzeichnis )${FOLDER}`,
  ),
  folder(
    'de',
    `(?:was|welche dateien) (?:ist|liegt|liegen|sind|gibt es|habe ich) (?:in|im) (?:meinem |dem |deinem )?${FOLDER}(?:-| )?(?:ordner|verzeichnis)`,
  ),
  folder(
    'de',
    `(?:was|welche dateien) (?:ist|liegt|liegen|sind|gibt es|habe ich) (?:in|im) (?:meinem |dem |deinem )?(?<folder>notizen|dokumenten|arbeitsbereich|workspace)`,
  ),
  folder(
    'de',
    `(?:was|welche dateien)(?: alles)? (?:in|im) (?:meinem |dem |deinem )?${FOLDER}(?:-| )?(?:ordner|verzeichnis) (?:ist|liegt|liegen|sind)`,
  ),
  folder('de', `(?:zeig|zeige|liste)(?: mir)? (?:meinen|den|deinen) ${FOLDER}(?:-| )?ordner(?: auf)?`),
];

function disk(language: SpokenLanguage, source: string): IntentPattern {
  return { language, pattern: new RegExp(`^${source}$`, 'iu'), build: (_groups, ways) => diskPart(language, ways) };
}

function folder(language: SpokenLanguage, source: string): IntentPattern {
  return {
    language,
    pattern: new RegExp(`^${source}$`, 'iu'),
    build: (groups, ways) => folderPart(groups['folder'] ?? '', language, ways),
  };
}

function diskPart(language: SpokenLanguage, { hasSandbox }: IntentWays): IntentPart {
  const call = hasSandbox ? { name: 'run_command', input: { command: 'df -Pk .' } } : { name: 'disk_space', input: {} };
  return {
    calls: [call],
    answer([result]) {
      if (!result || result.state !== 'done') return result ? notDone(result, language) : '';
      const found = hasSandbox ? fromDf(result.text) : fromDiskSpace(result.text);
      if (!found) return language === 'en' ? 'I could not read the free space.' : 'Ich konnte den freien Platz nicht ablesen.';
      const free = spokenBytes(found.freeBytes, language);
      const total = spokenBytes(found.totalBytes, language);
      return language === 'en' ? `Your disk has ${free} free of ${total}.` : `Auf deiner Festplatte sind ${free} von ${total} frei.`;
    },
  };
}

/** The last line of `df -Pk`: device, blocks of 1024 bytes, used, available, share, place. */
function fromDf(text: string): { freeBytes: number; totalBytes: number } | undefined {
  const line = text.split('\n').findLast((each) => /\s\d+\s+\d+\s+\d+\s+\d+%\s/.test(each));
  const [, total, , free] = /\s(\d+)\s+(\d+)\s+(\d+)\s+\d+%\s/.exec(line ?? '') ?? [];
  return total === undefined || free === undefined ? undefined : { freeBytes: Number(free) * 1024, totalBytes: Number(total) * 1024 };
}

function fromDiskSpace(text: string): { freeBytes: number; totalBytes: number } | undefined {
  const [, free, total] = /\((\d+) of (\d+) bytes\)/.exec(text) ?? [];
  return free === undefined || total === undefined ? undefined : { freeBytes: Number(free), totalBytes: Number(total) };
}

/** "120 gigabytes", "1,2 Terabyte". */
function spokenBytes(bytes: number, language: SpokenLanguage): string {
  const units = language === 'en' ? ['megabytes', 'gigabytes', 'terabytes'] : ['Megabyte', 'Gigabyte', 'Terabyte'];
  const step = bytes >= 1e12 ? 2 : bytes >= 1e9 ? 1 : 0;
  const value = bytes / 1e3 ** (step + 2);
  const digits = value < 10 ? 1 : 0;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits, useGrouping: false }).format(value);
  return `${number} ${number === '1' && language === 'en' ? (units[step] ?? '').slice(0, -1) : units[step]}`;
}

/** Names that people give to the folders of the workspace. */
const FOLDERS: Record<string, string> = {
  note: 'notes',
  notes: 'notes',
  notiz: 'notes',
  notizen: 'notes',
  notizbuch: 'notes',
  document: 'documents',
  documents: 'documents',
  dokument: 'documents',
  dokumente: 'documents',
  dokumenten: 'documents',
  workspace: '.',
  arbeitsbereich: '.',
  arbeits: '.',
  openclaw: '.',
};

function folderPart(said: string, language: SpokenLanguage, { hasSandbox }: IntentWays): IntentPart | undefined {
  const name = said.trim().replace(/-$/, '');
  const path = FOLDERS[name.toLowerCase()] ?? name;
  // A name like "house or my car" is a sentence, not a folder.
  if (path === '' || path.split(' ').length > 3 || path.includes('..')) return undefined;
  const command = `ls -1p ${/^[\w.-]+$/.test(path) ? path : `'${path}'`}`;
  const call = hasSandbox && !path.startsWith('-') ? { name: 'run_command', input: { command } } : { name: 'list_folder', input: { path } };
  return {
    calls: [call],
    answer([result]) {
      if (!result) return '';
      if (isMissing(result))
        return language === 'en'
          ? `There is no folder called ${name} in my workspace.`
          : `Einen Ordner namens ${name} gibt es in meinem Arbeitsbereich nicht.`;
      if (result.state !== 'done') return notDone(result, language);
      return folderWords(path === '.' ? undefined : path, namesIn(result.text), language);
    },
  };
}

function isMissing({ text }: ToolResult): boolean {
  return /No such file or directory|There is no file/.test(text);
}

function namesIn(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/ \(\d[\d.]* \w+\)$/, '').trim())
    .filter((line) => line !== '' && line !== '(empty)' && line !== '(no output)' && !line.startsWith('…') && !line.startsWith('['));
}

const SPOKEN_NAMES = 6;

function folderWords(path: string | undefined, names: readonly string[], language: SpokenLanguage): string {
  const isNotes = path === 'notes';
  const where =
    language === 'en'
      ? `${path === undefined ? 'The workspace' : `Your ${path} folder`}`
      : path === undefined
        ? 'Der Arbeitsbereich'
        : isNotes
          ? 'Dein Notizordner'
          : `Dein Ordner ${path}`;
  if (names.length === 0) return language === 'en' ? `${where} is empty.` : `${where} ist leer.`;
  const shown = names.slice(0, SPOKEN_NAMES).map((name) => name.replace(/\/$/, ''));
  const list = listed(shown, language);
  if (language === 'en') {
    if (names.length === 1) return `${where} holds one thing: ${list}.`;
    return names.length <= SPOKEN_NAMES
      ? `${where} holds ${names.length} things: ${list}.`
      : `${where} holds ${names.length} things, among them ${list}.`;
  }
  if (names.length === 1) return `${where} enthält einen Eintrag: ${list}.`;
  return names.length <= SPOKEN_NAMES
    ? `${where} enthält ${names.length} Einträge: ${list}.`
    : `${where} enthält ${names.length} Einträge, darunter ${list}.`;
}
