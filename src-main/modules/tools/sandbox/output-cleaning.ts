/*
 * Output of programs as text that is safe to show and to hand to a model: no terminal escapes, no control characters, nothing invisible. Nothing that a
 * terminal would have hidden is lost, because hiding it is the attack: a carriage return becomes a new line instead of overwriting what stood there.
 */

const ESCAPE = 0x1b;
const BELL = 0x07;
/** An escape's string (window title, link) that goes on for longer than this, or over a line's end, is no such string and is shown. */
const LONGEST_STRING = 2048;
const LONGEST_SEQUENCE = 64;

/** `]` OSC, `P` DCS, `X` SOS, `^` PM, `_` APC: strings up to ST or BEL. */
const STRING_STARTS = new Set([0x5d, 0x50, 0x58, 0x5e, 0x5f]);
/** The same as single C1 characters. */
const C1_STRING_STARTS = new Set([0x9d, 0x90, 0x98, 0x9e, 0x9f]);
const C1_CSI = 0x9b;
const C1_ST = 0x9c;

type State = 'text' | 'escape' | 'sequence' | 'string' | 'string-escape';

/** Cleans text that comes in pieces; a sequence cut in two is still one. */
export interface OutputCleaner {
  push(text: string): string;
  /** What was held back. */
  end(): string;
}

const plain = (text: string): string => [...text].map((character) => shown(character.codePointAt(0) ?? 0, character)).join('');

/** A cleaner for one stream. Linear in its input, keeps at most 2 kB. */
export function createOutputCleaner(): OutputCleaner {
  let state: State = 'text';
  let held = '';
  let afterReturn = false;

  /** The sequence was none: what it held is shown without its control characters. */
  const giveUp = (): string => {
    const text = plain(held);
    held = '';
    state = 'text';
    return text;
  };
  const inText = (code: number, character: string): string => {
    if (code === ESCAPE) state = 'escape';
    else if (code === C1_CSI) state = 'sequence';
    else if (C1_STRING_STARTS.has(code)) state = 'string';
    else return shown(code, character);
    return '';
  };
  const inEscape = (code: number, character: string): string => {
    if (code === 0x5b) state = 'sequence';
    else if (STRING_STARTS.has(code)) state = 'string';
    // Intermediate bytes, as in ESC ( B.
    else if (code >= 0x20 && code <= 0x2f) return '';
    else if (code >= 0x30 && code <= 0x7e) state = 'text';
    else {
      state = 'text';
      return inText(code, character);
    }
    return '';
  };
  const inSequence = (code: number, character: string): string => {
    if (code >= 0x40 && code <= 0x7e) {
      held = '';
      state = 'text';
      return '';
    }
    if (code >= 0x20 && code <= 0x3f && held.length < LONGEST_SEQUENCE) {
      held += character;
      return '';
    }
    return giveUp() + inText(code, character);
  };
  const inString = (code: number, character: string): string => {
    if (code === BELL || code === C1_ST || (state === 'string-escape' && code === 0x5c)) {
      held = '';
      state = 'text';
      return '';
    }
    if (state === 'string-escape') return giveUp() + inEscape(code, character);
    if (code === ESCAPE) {
      state = 'string-escape';
      return '';
    }
    if (code === 0x0a || code === 0x0d || held.length >= LONGEST_STRING) return giveUp() + inText(code, character);
    held += character;
    return '';
  };
  const step = (character: string): string => {
    const code = character.codePointAt(0) ?? 0;
    switch (state) {
      case 'text':
        return inText(code, character);
      case 'escape':
        return inEscape(code, character);
      case 'sequence':
        return inSequence(code, character);
      case 'string':
      case 'string-escape':
        return inString(code, character);
    }
  };

  return {
    push(text) {
      let clean = '';
      for (const character of text) {
        const piece = step(character);
        // CR LF is one line's end; a CR alone is one, too.
        for (const each of piece) {
          if (each === '\r') clean += '\n';
          else if (each !== '\n' || !afterReturn) clean += each;
          afterReturn = each === '\r';
        }
      }
      return clean;
    },
    end() {
      return giveUp().replaceAll('\r', '\n');
    },
  };
}

/** A whole text, cleaned. Invalid UTF-8 in bytes becomes U+FFFD. */
export function cleanOutput(output: string | Uint8Array): string {
  const cleaner = createOutputCleaner();
  const text = typeof output === 'string' ? output : new TextDecoder().decode(output);
  return cleaner.push(text) + cleaner.end();
}

/** One character as it is shown: nothing for those that act or hide. */
function shown(code: number, character: string): string {
  if (code === 0x09 || code === 0x0a || code === 0x0d) return character;
  if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return '';
  if (code === 0x2028 || code === 0x2029) return '\n';
  if (code >= 0xd800 && code <= 0xdfff) return '\u{fffd}';
  return isHidden(code) ? '' : character;
}

/** Marks of direction, invisible separators, tags and selectors that carry hidden text. Joiners stay: languages and emoji need them. */
function isHidden(code: number): boolean {
  return (
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    (code >= 0x2060 && code <= 0x2064) ||
    code === 0x200b ||
    code === 0x200e ||
    code === 0x200f ||
    code === 0x061c ||
    code === 0x180e ||
    code === 0xfeff ||
    code === 0x00ad ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    (code >= 0xe0000 && code <= 0xe0fff)
  );
}
