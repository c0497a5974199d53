import { notDone, type IntentPart, type IntentPattern } from './intent-part.ts';
import { spokenNumber, type SpokenLanguage } from './spoken-time.ts';

/*
 * Sums, links, the clipboard, and files by name.
 */

export const smallWishPatterns: readonly IntentPattern[] = [
  make('en', "(?:what is|what's|whats|how much is|calculate|compute|work out) (?<sum>.{3,120})", ({ sum = '' }) => sumPart(sum, 'en')),
  make(
    'de',
    '(?:was ist|was sind|wie ?viel ist|wie ?viel sind|wie ?viel macht|berechne|rechne|was macht|was ergibt) (?<sum>.{3,120})',
    ({ sum = '' }) => sumPart(sum, 'de'),
  ),

  make(
    'en',
    '(?:open|go to|visit|show me)(?: the)?(?: page| website| site| link)? (?<url>\\S{4,2000}|[\\p{L}\\p{N} -]{2,60} dot \\p{L}{2,12})',
    ({ url = '' }) => linkPart(url, 'en'),
  ),
  make(
    'de',
    '(?:öffne|öffnen|geh auf|gehe auf|zeig mir)(?: die| den)?(?: seite| webseite| link)? (?<url>\\S{4,2000}|[\\p{L}\\p{N} -]{2,60} punkt \\p{L}{2,12})',
    ({ url = '' }) => linkPart(url, 'de'),
  ),

  make('en', "(?:what is|what's|whats|read|read me|show me)(?: me)? (?:on |in |what is on |what's on )?(?:my|the) clipboard", () =>
    clipboardPart('en'),
  ),
  make(
    'de',
    '(?:was ist|was steht|was liegt) (?:in|auf) (?:meiner|der) zwischenablage|(?:lies|lese|zeig|zeige)(?: mir)? (?:meine|die) zwischenablage(?: vor)?',
    () => clipboardPart('de'),
  ),

  make(
    'en',
    '(?:read|open|show)(?: me)? (?:the |my )?(?:file |note |document )(?:called |named )?(?<name>[\\p{L}\\p{N}][\\p{L}\\p{N} ._/-]{0,80})',
    ({ name = '' }) => readPart(name, 'en'),
  ),
  make(
    'en',
    '(?:read|read me|show me) (?:the |my )?(?<name>[\\p{L}\\p{N}][\\p{L}\\p{N}._/-]{0,80}\\.(?:md|txt|csv|json|log|ya?ml))',
    ({ name = '' }) => readPart(name, 'en'),
  ),
  make(
    'de',
    '(?:lies|lese|zeig|zeige)(?: mir)? (?:die |das |meine )?(?:datei |notiz |dokument )(?<name>[\\p{L}\\p{N}][\\p{L}\\p{N} ._/-]{0,80}?)(?: vor)?',
    ({ name = '' }) => readPart(name, 'de'),
  ),
  make(
    'de',
    '(?:lies|lese|zeig|zeige)(?: mir)? (?:die |das )?(?<name>[\\p{L}\\p{N}][\\p{L}\\p{N}._/-]{0,80}\\.(?:md|txt|csv|json|log|ya?ml))(?: vor)?',
    ({ name = '' }) => readPart(name, 'de'),
  ),

  make('en', '(?:search|look) (?:in |through )?my (?:files|notes|documents|workspace) for (?<words>.{2,100})', ({ words = '' }) =>
    searchPart(words, 'en'),
  ),
  make(
    'en',
    '(?:find|search for|look for) (?:the |my )?(?:file|note|document)s?(?: called| named| about| with)? (?<words>.{2,100})',
    ({ words = '' }) => searchPart(words, 'en'),
  ),
  make('de', '(?:such|suche|durchsuche)(?: in)? meine[nr]? (?:dateien|notizen|dokumenten?) nach (?<words>.{2,100})', ({ words = '' }) =>
    searchPart(words, 'de'),
  ),
  make(
    'de',
    '(?:finde|such|suche)(?: nach)? (?:die |der |das |meine )?(?:datei|notiz|dokument)(?: namens| mit| über)? (?<words>.{2,100})',
    ({ words = '' }) => searchPart(words, 'de'),
  ),
];

function make(language: SpokenLanguage, source: string, build: IntentPattern['build']): IntentPattern {
  return { language, pattern: new RegExp(`^(?:${source})$`, 'iu'), build };
}

const OPERATOR_WORDS: readonly [RegExp, string][] = [
  [/\b(?:the )?square root of\b|\b(?:die )?(?:quadrat)?wurzel (?:aus|von)\b/g, ' sqrt '],
  [/\bpercent of\b|% of\b|\bprozent von\b|% von\b/g, ' *0.01* '],
  [/\b(?:plus|und plus)\b/g, ' + '],
  [/\bminus\b/g, ' - '],
  [/\b(?:times|multiplied by|mal|multipliziert mit)\b|[×·x](?=\s*\d)/g, ' * '],
  [/\b(?:divided by|over|geteilt durch|durch|dividiert durch)\b|÷/g, ' / '],
  [/\b(?:to the power of|hoch)\b/g, ' ^ '],
  [/\bsquared\b|\bzum quadrat\b/g, ' ^ 2 '],
];

/** The expression of a spoken sum; undefined when a single word of it is no number and no operator. */
function spokenSum(words: string, language: SpokenLanguage): string | undefined {
  let text = ` ${words.toLowerCase()} `;
  for (const [pattern, sign] of OPERATOR_WORDS) text = text.replaceAll(pattern, sign);
  if (language === 'de') text = text.replaceAll(/(\d),(\d)/g, '$1.$2');
  else text = text.replaceAll(/(\d),(\d{3})(?!\d)/g, '$1$2');
  const pieces = text
    .split(/(\*0\.01\*|sqrt|[-+*/^()])/)
    .map((piece) => piece.trim())
    .filter(Boolean);
  const parts: string[] = [];
  let numbers = 0;
  for (const piece of pieces) {
    if (/^(?:\*0\.01\*|[-+*/^()])$/.test(piece)) parts.push(piece);
    else if (piece === 'sqrt') parts.push('sqrt');
    else {
      const value = /^\d+(?:\.\d+)?$/.test(piece) ? Number(piece) : spokenNumber(piece);
      if (value === undefined) return undefined;
      numbers += 1;
      parts.push(parts.at(-1) === 'sqrt' ? `(${value})` : String(value));
    }
  }
  const hasOperator = parts.some((part) => /^(?:\*0\.01\*|[-+*/^]|sqrt)$/.test(part));
  return hasOperator && (numbers > 1 || parts.includes('sqrt') || parts.includes('^')) ? parts.join(' ') : undefined;
}

function sumPart(sum: string, language: SpokenLanguage): IntentPart | undefined {
  const expression = spokenSum(sum, language);
  if (expression === undefined) return undefined;
  return {
    calls: [{ name: 'calculator', input: { expression } }],
    answer([result]) {
      if (!result || result.state !== 'done') return result ? notDone(result, language) : '';
      const value = Number(result.text);
      const words = Number.isFinite(value)
        ? new Intl.NumberFormat(language, { maximumFractionDigits: 6, useGrouping: false }).format(value)
        : result.text;
      return language === 'en' ? `That is ${words}.` : `Das ist ${words}.`;
    },
  };
}

function linkPart(said: string, language: SpokenLanguage): IntentPart | undefined {
  const text = said.trim().toLowerCase().includes(' ')
    ? said
        .toLowerCase()
        .replaceAll(/ (?:dot|punkt) /g, '.')
        .replaceAll(' ', '')
    : said.trim();
  const isAddress = /^https?:\/\/\S+$/i.test(text) || /^(?:[a-z0-9äöüß-]{1,63}\.)+[a-z]{2,12}(?:[/?#]\S*)?$/i.test(text);
  // "notes.md" is a file, not a site.
  if (!isAddress || /\.(?:md|txt|csv|json|log|ya?ml|pdf|docx?|xlsx?|png|jpe?g)$/i.test(text)) return undefined;
  const url = /^https?:/i.test(text) ? text : `https://${text}`;
  return {
    calls: [{ name: 'open_link', input: { url } }],
    answer([result]) {
      if (!result || result.state !== 'done') return result ? notDone(result, language) : '';
      return language === 'en' ? 'It is open in your browser.' : 'Die Seite ist in deinem Browser offen.';
    },
  };
}

const READ_ALOUD_CHARS = 600;

function aloud(text: string, language: SpokenLanguage): string {
  if (text.length <= READ_ALOUD_CHARS) return text.trim();
  return `${text.slice(0, READ_ALOUD_CHARS).replace(/\s+\S*$/, '')} … ${language === 'en' ? 'It goes on; the whole text is in the card.' : 'Es geht weiter; der ganze Text steht auf der Karte.'}`;
}

function clipboardPart(language: SpokenLanguage): IntentPart {
  return {
    calls: [{ name: 'clipboard_read', input: {} }],
    answer([result]) {
      if (!result || result.state !== 'done') return result ? notDone(result, language) : '';
      if (result.text.startsWith('(the clipboard holds no text'))
        return language === 'en' ? 'There is no text on your clipboard.' : 'In deiner Zwischenablage ist kein Text.';
      return `${language === 'en' ? 'Your clipboard says:' : 'In deiner Zwischenablage steht:'} ${aloud(result.text, language)}`;
    },
  };
}

function readPart(name: string, language: SpokenLanguage): IntentPart | undefined {
  const path = name.trim();
  // "read the file that I wrote yesterday" is for the model.
  if (path.split(' ').length > 4 || /^(?:that|which|about|from|die|der|das|von|über|in)\b/i.test(path)) return undefined;
  return {
    calls: [{ name: 'read_file', input: { path } }],
    answer([result]) {
      if (!result) return '';
      if (/There is no file/.test(result.text))
        return language === 'en' ? `I found no file called ${path}.` : `Eine Datei namens ${path} habe ich nicht gefunden.`;
      if (result.state !== 'done') return notDone(result, language);
      return result.text.trim() === '' ? (language === 'en' ? 'The file is empty.' : 'Die Datei ist leer.') : aloud(result.text, language);
    },
  };
}

function searchPart(words: string, language: SpokenLanguage): IntentPart {
  return {
    calls: [{ name: 'search_files', input: { words: words.trim() } }],
    answer([result]) {
      if (!result || result.state !== 'done') return result ? notDone(result, language) : '';
      if (result.text === 'Nothing was found.') return language === 'en' ? 'I found nothing.' : 'Ich habe nichts gefunden.';
      const files = [...new Set(result.text.split('\n').map((line) => line.replace(/:\d+: .*$/, '')))].filter(
        (line) => !line.startsWith('…'),
      );
      const shown = files.slice(0, 4).join(', ');
      if (language === 'en') return files.length === 1 ? `I found it in ${shown}.` : `I found it in ${files.length} files: ${shown}.`;
      return files.length === 1 ? `Gefunden in ${shown}.` : `Gefunden in ${files.length} Dateien: ${shown}.`;
    },
  };
}
