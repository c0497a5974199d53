/** A text that was found inside another one, and where its pieces come from. */
export interface DecodedView {
  text: string;
  /** Where the character at `index` begins in the outer text; `text.length` gives the end. */
  outerStart(index: number): number;
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: ' ', f: ' ' };
const ENTITIES: Readonly<Record<string, string>> = { quot: '"', amp: '&', apos: "'", lt: '<', gt: '>' };
/** Escapes that hide something. Quotation marks with backslashes alone do not: the rules know them. */
const HIDING = /%[0-9a-fA-F]{2}|\\[uxnrt/]|&(?:#|quot|amp|apos|lt|gt)/;
const ESCAPE = /%[0-9a-fA-F]{2}|\\(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^ux])|&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|quot|amp|apos|lt|gt);/y;
/** Text around the escapes that is looked at with them. */
const BEFORE_CHARS = 80;
const BEHIND_CHARS = 700;

/** One layer of JSON, shell, percent and HTML escapes taken away; undefined where nothing was hidden. `offset` is where the text stands in the outer one. */
export function unescapeView(text: string, offset: number): DecodedView | undefined {
  const firstHidden = text.search(HIDING);
  if (firstHidden < 0) return undefined;
  const begin = Math.max(0, firstHidden - BEFORE_CHARS);
  const end = Math.min(text.length, Math.max(text.lastIndexOf('%'), text.lastIndexOf('\\'), text.lastIndexOf('&')) + BEHIND_CHARS);
  let decoded = '';
  /** From `starts[i]` in the decoded text on, add `shifts[i]` to come to the outer one. */
  const starts: number[] = [0];
  const shifts: number[] = [offset + begin];
  let from = begin;
  for (let index = begin; index < end; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit !== 37 && unit !== 92 && unit !== 38) continue;
    ESCAPE.lastIndex = index;
    const escape = ESCAPE.exec(text)?.[0];
    if (escape === undefined) continue;
    decoded += text.slice(from, index) + unescapeOne(escape);
    from = index + escape.length;
    starts.push(decoded.length);
    shifts.push(offset + from - decoded.length);
    index = from - 1;
  }
  decoded += text.slice(from, end);
  return { text: decoded, outerStart: (index) => index + (shifts[lastAtOrBelow(starts, index)] ?? 0) };
}

function lastAtOrBelow(starts: readonly number[], index: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

function unescapeOne(escape: string): string {
  const kind = escape.charAt(1);
  if (escape.startsWith('%')) return String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  if (escape.startsWith('&')) {
    if (kind !== '#') return ENTITIES[escape.slice(1, -1)] ?? '';
    const isHex = escape.charAt(2) === 'x';
    return String.fromCharCode(Number.parseInt(escape.slice(isHex ? 3 : 2, -1), isHex ? 16 : 10));
  }
  if ((kind === 'u' || kind === 'x') && escape.length > 2) return String.fromCharCode(Number.parseInt(escape.slice(2), 16));
  return SIMPLE_ESCAPES[kind] ?? escape.slice(1);
}

/** Shorter pieces of readable text happen by chance in sound and hashes, and hold no secret that would be recognised. */
const MIN_STRETCH = 10;

const isReadable = new Uint8Array(256);
for (let byte = 32; byte < 127; byte += 1) isReadable[byte] = 1;
for (const byte of [9, 10, 13]) isReadable[byte] = 1;

/**
 * Of readable bytes the highest bit is 0: bit 5 of the first of four base64 digits, bit 3 of the second, bit 1 of the third. Bit 0 of this table says
 * that the digit can be such a first one, bit 1 a second one, bit 2 a third one.
 */
const canStand = new Uint8Array(128);
for (const [value, character] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  const bits = ((value & 32) === 0 ? 1 : 0) | ((value & 8) === 0 ? 2 : 0) | ((value & 2) === 0 ? 4 : 0);
  canStand[character.charCodeAt(0)] = bits;
  if (value === 62) canStand['-'.charCodeAt(0)] = bits;
  if (value === 63) canStand['_'.charCodeAt(0)] = bits;
}

function isReadableGroup(run: string, index: number): boolean {
  return (
    ((canStand[run.charCodeAt(index)] ?? 0) & 1) !== 0 &&
    ((canStand[run.charCodeAt(index + 1)] ?? 0) & 2) !== 0 &&
    ((canStand[run.charCodeAt(index + 2)] ?? 0) & 4) !== 0
  );
}

/**
 * Readable texts inside a run of base64, base64url or hexadecimal digits. Where in the run the code begins is not known (a prefix may be glued to
 * it), so all alignments are tried. Offsets are those of the run.
 */
export function runViews(run: string): DecodedView[] {
  const views: DecodedView[] = [];
  addHexViews(run, views);
  for (let alignment = 0; alignment < 4; alignment += 1) {
    let index = alignment;
    // Ten readable bytes fill two groups of four digits at least, mostly three. Looking at the last of two first skips most of what is not readable.
    while (index + 7 < run.length) {
      if (!isReadableGroup(run, index + 4)) index += 8;
      else if (!isReadableGroup(run, index)) index += 4;
      else {
        let end = index + 8;
        while (end + 3 < run.length && isReadableGroup(run, end)) end += 4;
        if (end - index >= 12 || end + 4 > run.length || index < 4) addBase64Stretch(run, index, end, views);
        index = end + 4;
      }
    }
  }
  addUtf16View(run, views);
  return views;
}

/** `start` and `end` are aligned; the groups before and behind may begin or end with readable bytes. */
function addBase64Stretch(run: string, start: number, end: number, views: DecodedView[]): void {
  const from = start >= 8 ? start - 8 : start & 3;
  addStretches(Buffer.from(run.slice(from, end + 8), 'base64'), from, 4, 3, views);
}

const HEX = /^[0-9a-fA-F]+$/;

function addHexViews(run: string, views: DecodedView[]): void {
  if (run.length < 2 * MIN_STRETCH || !HEX.test(run)) return;
  for (let shift = 0; shift < 2; shift += 1) addStretches(Buffer.from(run.slice(shift), 'hex'), shift, 2, 1, views);
}

const UTF16_START = /^.[AQgw][AB]/;

/** PowerShell's and Windows' texts: every second byte is zero. */
function addUtf16View(run: string, views: DecodedView[]): void {
  if (run.length < 4 * MIN_STRETCH || !UTF16_START.test(run)) return;
  const bytes = Buffer.from(run, 'base64');
  if (bytes[1] !== 0 || bytes[3] !== 0 || bytes[5] !== 0) return;
  views.push({
    text: bytes.toString('utf16le', 0, bytes.length - (bytes.length % 2)),
    outerStart: (at) => Math.floor((at * 2) / 3) * 4,
  });
}

/** `charsPerGroup` characters of the run, from `offset` on, make `bytesPerGroup` bytes. */
function addStretches(bytes: Buffer, offset: number, charsPerGroup: number, bytesPerGroup: number, views: DecodedView[]): void {
  let start = 0;
  for (let index = 0; index <= bytes.length; index += 1) {
    if (index < bytes.length && isReadable[bytes[index] ?? 0] === 1) continue;
    if (index - start >= MIN_STRETCH) {
      const first = start;
      views.push({
        text: bytes.toString('latin1', start, index),
        outerStart: (at) => offset + Math.floor((first + at) / bytesPerGroup) * charsPerGroup,
      });
    }
    start = index + 1;
  }
}
